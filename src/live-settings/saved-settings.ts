import { isAbsolute, relative } from 'node:path';
import type { SettingChange } from '../config/changed-settings.js';
import type { Coordinators } from '../core/coordinator.js';
import { type ErrorData, errorData } from '../core/errors.js';
import type { ExtensionFailure } from '../core/extension.js';
import { KeyedQueue } from '../core/keyed-queue.js';
import type { RunningTurns } from '../core/live-options.js';
import type { EventPublisher } from '../event-publisher.js';
import type { LiveSettings, PreparedSettings, SettingsUpdate, Waiting } from './live-settings.js';
import { reconfigure } from './reconfigure.js';

/** What came of looking at the settings again. */
export interface Reload {
  /** What holds from now on, or after a restart. */
  readonly changes: readonly SettingChange[];
  /** What was saved and does not hold until it is confirmed. */
  readonly waiting: readonly Waiting[];
  /** Why what was saved does not hold at all; what held before goes on. */
  readonly error?: ErrorData;
}

export interface SavedSettingsOptions {
  readonly live: LiveSettings;
  readonly coordinators: Coordinators;
  readonly events: EventPublisher;
  readonly cwd: string;
  readonly running: RunningTurns;
  /** Takes over what no coordinator holds. */
  readonly hold: (prepared: PreparedSettings, changes: readonly SettingChange[]) => void;
}

const nothing: Reload = { changes: [], waiting: [] };

/** Applies what was saved, and tells it to a session: one line for each change. */
export class SavedSettings {
  readonly #options: SavedSettingsOptions;
  readonly #queue = new KeyedQueue();

  constructor(options: SavedSettingsOptions) {
    this.#options = options;
  }

  /** Applies what was saved since the last call. Never rejects: what cannot hold is told, and answered. */
  async apply(sessionId: string, { confirm }: { readonly confirm: boolean }): Promise<Reload> {
    const release = await this.#queue.acquire('settings');
    try {
      const update = await this.#options.live.next({ confirm });
      return update ? await this.#take(update, sessionId) : nothing;
    } catch (error) {
      const data = errorData(error);
      const advice = data.advice === undefined ? '' : ` ${data.advice}`;
      await this.#notice(
        `${sentence(data.message)}${advice} The settings from before still hold.`,
        sessionId,
      );
      return { ...nothing, error: data };
    } finally {
      release();
    }
  }

  async #take({ prepared, changes, waiting, notices }: SettingsUpdate, sessionId: string): Promise<Reload> {
    const { coordinators, events, cwd, running, hold } = this.#options;
    const { mode, provider } = coordinators;
    const before = { mode: mode.current(sessionId), provider: nameOf(provider.current(sessionId)) };
    const report = (failure: ExtensionFailure) => events.extensionFailed(failure, sessionId);
    // Nothing is awaited between the first coordinator and the last: no turn starts half-way.
    const afterRestart = prepared
      ? reconfigure(coordinators, prepared, changes, { cwd, running, report })
      : new Set();
    if (prepared) hold(prepared, changes);
    for (const { file, ...change } of changes) {
      const effect = afterRestart.has(change.key) ? 'after-restart' : 'now';
      const place = file === undefined ? {} : { file: this.#shortened(file) };
      await events.emit({ type: 'config-change', ...change, ...place, effect }, sessionId);
    }
    const after = { mode: mode.current(sessionId), provider: nameOf(provider.current(sessionId)) };
    if (after.mode !== before.mode)
      await events.emit({ type: 'mode-change', from: before.mode, to: after.mode }, sessionId);
    if (after.provider !== before.provider)
      await events.emit({ type: 'provider-change', from: before.provider, to: after.provider }, sessionId);
    for (const text of notices) await this.#notice(text, sessionId);
    if (waiting.length > 0) await this.#notice(this.#waitingNotice(waiting), sessionId);
    return { changes, waiting };
  }

  #waitingNotice(waiting: readonly Waiting[]): string {
    const list = waiting.map(({ key, file, line }) => {
      const place = [file && this.#shortened(file), line].filter((part) => part !== undefined).join(':');
      return place === '' ? key : `${key} (${place})`;
    });
    return `Saved, but not applied until you confirm it with /reload, or restart: ${list.join(', ')}. A project brings no code, no addresses and no looser rules into a running process by itself.`;
  }

  #notice(text: string, sessionId: string): Promise<void> {
    return this.#options.events.emit({ type: 'notice', level: 'warning', text }, sessionId);
  }

  #shortened(file: string): string {
    const way = relative(this.#options.cwd, file);
    return way === '' || way.startsWith('..') || isAbsolute(way) ? file : way;
  }
}

function nameOf({ provider, model }: { readonly provider: string; readonly model: string }): string {
  return `${provider}/${model}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
