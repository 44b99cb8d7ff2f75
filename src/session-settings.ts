import { isStricter } from './config/restrict.js';
import type { Settings } from './config/schema.js';
import { type BudgetLimits, type BudgetSetting, budgetSettings } from './core/budget.js';
import type { Coordinators, Mode } from './core/coordinator.js';
import { ConfigError, errorData } from './core/errors.js';
import { noUsage } from './core/usage.js';
import type { EventPublisher } from './event-publisher.js';
import type { SessionChoices } from './orchestrator/session-choices.js';

export interface SessionSettingsOptions {
  readonly coordinators: Pick<Coordinators, 'config' | 'mode' | 'permission' | 'provider'>;
  readonly events: EventPublisher;
  /** What holds now for every session. */
  readonly general: () => Settings;
  /** The settings with a config provider's answer in them. */
  readonly withAnswer: (answer: Readonly<Record<string, unknown>>) => Settings;
  readonly choices: Pick<SessionChoices, 'setMode' | 'switchProvider'>;
}

/** Which settings hold for each session: the general ones, with what config providers answer for it. */
export class SessionSettings {
  readonly #with: SessionSettingsOptions;
  readonly #known = new Map<string, Settings>();
  /** Modes that a file asked for since the session's last turn began. */
  readonly #asked = new Map<string, Mode>();

  constructor(options: SessionSettingsOptions) {
    this.#with = options;
  }

  /** What holds in a session as far as a config provider answered for it; `undefined` where none did. */
  answered(sessionId: string): Settings | undefined {
    const answer = this.#with.coordinators.config.getConfig(sessionId);
    return Object.keys(answer).length === 0 ? undefined : this.#with.withAnswer(answer);
  }

  /** What holds in a session, without asking anybody. */
  now(sessionId: string): Settings {
    return this.answered(sessionId) ?? this.#with.general();
  }

  /** The session begins with what holds now. */
  opened(sessionId: string): void {
    this.#known.set(sessionId, this.#with.general());
  }

  /** What can be refused before there is anything to show for it leaves no empty session behind. */
  async refuseEarly(sessionId: string): Promise<void> {
    const general = this.#with.general();
    if (firstBudget(general) === undefined || this.#known.has(sessionId)) return;
    const answer = await this.#with.coordinators.config.loadConfig(sessionId);
    if (Object.keys(answer).length === 0) this.budgets(general, sessionId);
  }

  /** Asks the config coordinator and applies what is new in its answer to this session. */
  async of(sessionId: string): Promise<Settings> {
    const { coordinators, events, general, withAnswer } = this.#with;
    const answer = await coordinators.config.loadConfig(sessionId);
    if (Object.keys(answer).length === 0) return general();
    let settings: Settings;
    try {
      settings = withAnswer(answer);
    } catch (error) {
      const { message } = errorData(error);
      const fallback = 'the settings without it hold';
      const failure = { kind: 'config-provider', name: 'session settings', message, fallback } as const;
      events.extensionFailed(failure, sessionId);
      return general();
    }
    await this.#apply(settings, sessionId);
    await events.emit({ type: 'config-load', keys: Object.keys(answer) }, sessionId);
    return settings;
  }

  /** A file asks for this mode; sessions in a turn hear of it at the next. */
  modeAsked(mode: Mode, running: ReadonlyMap<string, unknown>): void {
    for (const id of this.#known.keys()) this.#asked.set(id, mode);
    for (const id of this.#known.keys()) if (!running.has(id)) this.tightenMode(id);
  }

  /** A mode that the user chose stays, unless somebody else asks for a stricter one. */
  tightenMode(sessionId: string, mode = this.#asked.get(sessionId)): void {
    this.#asked.delete(sessionId);
    const { coordinators, choices } = this.#with;
    if (mode !== undefined && isStricter(mode, coordinators.mode.current(sessionId)))
      choices.setMode(mode, sessionId);
  }

  /** The budgets that hold. Refuses one that could not be kept, with a `ConfigError`. */
  budgets(settings: Settings, sessionId: string): BudgetLimits {
    const { maxBudgetUsd, maxDayUsd, maxProjectUsd, analytics } = settings;
    const key = firstBudget(settings);
    if (key === undefined) return {};
    const { provider: decides } = this.#with.coordinators;
    if (decides.cost(noUsage, sessionId) === null) {
      const { provider, model } = decides.current(sessionId);
      throw new ConfigError(
        `The budget ${key} cannot be kept: the price of ${provider}/${model} is unknown.`,
        {
          key,
          advice: `Set prices."${model}" (US dollars per million tokens), or leave the budget out.`,
        },
      );
    }
    const shared = maxDayUsd === undefined ? 'maxProjectUsd' : 'maxDayUsd';
    if (settings[shared] !== undefined && !analytics.enabled) {
      throw new ConfigError(`The budget ${shared} cannot be kept: with analytics off nothing is counted.`, {
        key: shared,
        advice: 'Set analytics.enabled to true, or leave the budget out.',
      });
    }
    return {
      ...(maxBudgetUsd === undefined ? {} : { maxBudgetUsd }),
      ...(maxDayUsd === undefined ? {} : { maxDayUsd }),
      ...(maxProjectUsd === undefined ? {} : { maxProjectUsd }),
    };
  }

  async #apply(settings: Settings, sessionId: string): Promise<void> {
    const { coordinators, general, choices } = this.#with;
    const before = wantedModel(this.#known.get(sessionId) ?? general());
    this.#known.set(sessionId, settings);
    const wanted = wantedModel(settings);
    if (wanted !== '' && wanted !== before) await choices.switchProvider(wanted, sessionId);
    const { mode, ask, deny } = settings.permissions;
    this.tightenMode(sessionId, mode);
    coordinators.permission.restrict?.({ ask, deny }, sessionId);
  }
}

function firstBudget(settings: Settings): BudgetSetting | undefined {
  return budgetSettings.find((name) => settings[name] !== undefined);
}

function wantedModel({ provider, model }: Settings): string {
  const name = typeof provider === 'object' ? provider[0] : provider;
  return [name, model].filter(Boolean).join('/');
}
