import type { LoadedConfig } from '../config/load.js';
import type { Settings } from '../config/schema.js';
import type { Mode } from '../core/coordinator.js';
import { ConfigError } from '../core/errors.js';
import type { ExtensionFailure } from '../core/extension.js';
import type { NamedExtension } from '../extensions/extension-loader.js';
import type { LiveSettings } from './live-settings.js';
import { type Reload, SavedSettings, type SavedSettingsOptions } from './saved-settings.js';

export interface InForce {
  readonly settings: Settings;
  /** The extensions that they name, with those that did not load. */
  readonly named: readonly NamedExtension[];
  /** The files they were read from; absent where they come from a program. */
  readonly live: LiveSettings | undefined;
}

export interface FollowOptions extends Omit<SavedSettingsOptions, 'live' | 'hold'> {
  /** Applies what is saved without being asked: at the next turn, or soon while no turn runs. */
  readonly watch: boolean;
  /** The session that is told of what holds for all of them. */
  readonly latest: () => string;
  readonly onMode: (mode: Mode) => void;
}

/** What holds now, and what of it is replaced when files are saved. */
export class SettingsInForce {
  #settings: Settings;
  #named: readonly NamedExtension[];
  readonly #live: LiveSettings | undefined;
  #saved: SavedSettings | undefined;
  #follow: FollowOptions | undefined;
  #savedMeanwhile = false;

  constructor({ settings, named, live }: InForce) {
    this.#settings = settings;
    this.#named = named;
    this.#live = live;
  }

  get settings(): Settings {
    return this.#settings;
  }

  get named(): readonly NamedExtension[] {
    return this.#named;
  }

  get failures(): readonly ExtensionFailure[] {
    return this.#named.flatMap(({ failure }) => failure ?? []);
  }

  get configuration(): LoadedConfig | undefined {
    return this.#live?.config;
  }

  /** From now on saved files may be applied to these coordinators. */
  follow(options: FollowOptions): void {
    if (!this.#live) return;
    this.#follow = options;
    this.#saved = new SavedSettings({
      ...options,
      live: this.#live,
      hold: ({ settings, named }, changes) => {
        this.#settings = settings;
        this.#named = named;
        if (changes.some(({ key }) => key === 'permissions.mode')) options.onMode(settings.permissions.mode);
      },
    });
    if (options.watch) this.#live.watch(() => this.#onSave());
  }

  /** Applies what was saved. Rejects with a `ConfigError` where there are no files. */
  async reload(options: { readonly confirm?: boolean; readonly sessionId?: string }): Promise<Reload> {
    if (!this.#saved || !this.#follow) {
      throw new ConfigError('This orchestrator was made from settings, not from files.', {
        advice: 'Make it with createOrchestrator to reload files.',
      });
    }
    const { sessionId = this.#follow.latest(), confirm = false } = options;
    return this.#saved.apply(sessionId, { confirm });
  }

  /** What was saved by now holds for the turn that starts, where somebody watches. */
  async turnStarts(sessionId: string): Promise<void> {
    if (this.#follow?.watch) await this.#saved?.apply(sessionId, { confirm: false });
  }

  turnEnded(): void {
    if (this.#savedMeanwhile) this.#onSave();
  }

  stop(): void {
    this.#live?.stop();
  }

  /** While a turn runs its end is soon enough. */
  #onSave(): void {
    if (!this.#follow) return;
    const { running, latest } = this.#follow;
    this.#savedMeanwhile = running.size > 0;
    if (!this.#savedMeanwhile) void this.#saved?.apply(latest(), { confirm: false });
  }
}
