import { callExtension } from '../core/call-extension.js';
import type * as contract from '../core/coordinator.js';
import { deepFreeze } from '../core/deep-freeze.js';
import { extensionName } from '../core/describe-failure.js';
import type { ExplainsConfig } from '../core/explains.js';
import type { ConfigProvider, ExtensionFailure } from '../core/extension.js';
import { isRecord } from '../core/is-record.js';

type Config = Readonly<Record<string, unknown>>;

export interface ConfigCoordinatorOptions {
  readonly providers?: readonly ConfigProvider[];
  /** `first`: the first non-empty answer is the configuration. `merge`: every answer counts, higher priority wins a key. */
  readonly resolution?: 'first' | 'merge';
  /** Milliseconds one provider may take; 5,000 when absent. */
  readonly timeoutMs?: number;
}

/** Asks config providers, highest priority first, and remembers the answer for the session. */
export class ConfigCoordinator
  implements
    contract.ConfigCoordinator,
    contract.Configurable<ConfigCoordinatorOptions>,
    contract.ReportsExtensionFailures,
    ExplainsConfig
{
  onExtensionFailure?: (failure: ExtensionFailure, sessionId?: string) => void;
  #providers: readonly ConfigProvider[];
  #resolution: 'first' | 'merge';
  #timeoutMs: number;
  readonly #answers = new Map<string, Config>();
  /** Who was asked for each of them, and who had an answer. */
  readonly #sources = new WeakMap<Config, { asked: readonly string[]; answered: readonly string[] }>();

  constructor(options: ConfigCoordinatorOptions = {}) {
    this.#providers = byPriority(options.providers ?? []);
    this.#resolution = options.resolution ?? 'first';
    this.#timeoutMs = options.timeoutMs ?? 5_000;
  }

  /** Every session is asked for again; a turn that runs has had its answer. */
  configure({ providers, resolution, timeoutMs }: Partial<ConfigCoordinatorOptions>): void {
    if (providers) this.#providers = byPriority(providers);
    this.#resolution = resolution ?? this.#resolution;
    this.#timeoutMs = timeoutMs ?? this.#timeoutMs;
    this.invalidate();
  }

  async loadConfig(sessionId: string): Promise<Config> {
    const cached = this.#answers.get(sessionId);
    if (cached) return cached;
    let config: Config = {};
    const providers = this.#providers;
    const [asked, answered]: [string[], string[]] = [[], []];
    for (const provider of providers) {
      asked.push(extensionName(provider));
      const answer = await this.#ask(provider, sessionId);
      if (!answer || Object.keys(answer).length === 0) continue;
      answered.push(extensionName(provider));
      if (this.#resolution === 'first') {
        config = answer;
        break;
      }
      config = { ...answer, ...config };
    }
    const frozen = deepFreeze(config);
    this.#sources.set(frozen, { asked, answered });
    // Whoever was configured meanwhile must be asked again.
    if (providers === this.#providers) this.#answers.set(sessionId, frozen);
    return frozen;
  }

  getConfig(sessionId?: string): Config {
    const first = this.#answers.values().next().value;
    return (sessionId === undefined ? first : this.#answers.get(sessionId)) ?? {};
  }

  sources(sessionId: string) {
    const answer = this.#answers.get(sessionId);
    return answer && this.#sources.get(answer);
  }

  invalidate(sessionId?: string): void {
    if (sessionId === undefined) this.#answers.clear();
    else this.#answers.delete(sessionId);
  }

  #ask(provider: ConfigProvider, sessionId: string): Promise<Config | undefined> {
    return callExtension<Config>(
      {
        kind: 'config-provider',
        name: extensionName(provider),
        fallback: 'the next provider was asked',
        timeoutMs: this.#timeoutMs,
        problem: (value) => (isRecord(value) ? undefined : `${describe(value)} instead of an object`),
        report: (failure) => this.onExtensionFailure?.(failure, sessionId),
      },
      // A copy at once: what cannot be copied (a promise, a function) is no setting.
      async () => structuredClone(await provider.getConfig(sessionId)),
    );
  }
}

function byPriority(providers: readonly ConfigProvider[]): readonly ConfigProvider[] {
  return [...providers].sort((a, b) => (b.priority ?? 50) - (a.priority ?? 50));
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  return value === null ? 'null' : typeof value;
}
