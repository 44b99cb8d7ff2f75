import type { HookDefinition } from '../config/hook-definitions.js';
import { matches } from '../config/hook-settings.js';
import type { EventBody } from '../core/event.js';
import { valueWithoutHeldSecrets, withoutHeldSecrets } from '../core/held-secrets.js';
import type { HookName, HookStatus } from '../core/hook.js';
import { redact } from '../core/redact.js';
import { cleanAnswer } from './clean-answer.js';
import { type HookSay, type HookVerdict, outcomeOf, refuses, together } from './hook-say.js';
import { type HookAnswer, readAnswer } from './read-answer.js';
import { runProgram } from './run-program.js';

export interface HookRunnerOptions {
  readonly definitions: readonly HookDefinition[];
  /** The folder Victor works in, absolute. */
  readonly cwd: string;
  /** Absolute; what hooks of the user's find in `VICTOR_PROJECT_DIR`. */
  readonly projectDirectory: string;
  /** What a hook gets of the environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** The user's PATH. */
  readonly searchPath: string | undefined;
  /** Somebody can be asked whether a call may run. */
  readonly canAsk: boolean;
}

/** Something that hooks are told of. */
export interface Occasion {
  readonly hook: HookName;
  readonly sessionId: string;
  /** What a matcher is compared with; every hook is for it where there is nothing to match. */
  readonly about?: string;
  /** What hooks read besides the session, the folder and the name of the event. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly tool?: string;
  /** Which verdicts on a call would change something. */
  readonly changing?: readonly HookVerdict[];
  /** It happens whatever they say. */
  readonly inevitable?: true;
  /** Milliseconds that no hook may take longer than. */
  readonly mostMs?: number;
}

const COMMAND_SHOWN = 120;

/** Runs the hooks of an occasion, all at once, and tells what each of them changed. It never rejects. */
export class HookRunner {
  onEvent?: (event: EventBody, sessionId: string) => void;
  readonly #options: HookRunnerOptions;
  readonly #last = new Map<HookDefinition, NonNullable<HookStatus['last']>>();
  readonly #changed = new Set<HookDefinition>();

  constructor(options: HookRunnerOptions) {
    this.#options = options;
  }

  has(...hooks: readonly HookName[]): boolean {
    return this.#options.definitions.some(({ hook }) => hooks.includes(hook));
  }

  list(): readonly HookStatus[] {
    return this.#options.definitions.map((definition) => {
      const { hook, origin, file, matcher, command, timeoutMs } = definition;
      const last = this.#last.get(definition);
      return {
        ...{ hook, origin, file, timeoutMs, command: shown(command, Number.POSITIVE_INFINITY) },
        ...(matcher === undefined ? {} : { matcher }),
        state: definition.isStillConfirmed() ? 'ready' : 'changed',
        ...(last ? { last } : {}),
      };
    });
  }

  async run(occasion: Occasion, signal: AbortSignal): Promise<HookSay> {
    const wanted = this.#options.definitions.filter(
      ({ hook, matcher }) =>
        hook === occasion.hook && (occasion.about === undefined || matches(matcher, occasion.about)),
    );
    const confirmed = wanted.filter((one) => one.isStillConfirmed());
    const unseen = wanted
      .filter((one) => !confirmed.includes(one))
      .map((one) => this.#changedOne(one, occasion.sessionId));
    for (const one of confirmed) this.#changed.delete(one);
    // The same command twice would do its work twice.
    const once = confirmed.filter(
      ({ command, folder }, index) =>
        confirmed.findIndex((other) => other.command === command && other.folder === folder) === index,
    );
    const answers = await Promise.all(once.map((definition) => this.#runOne(definition, occasion, signal)));
    return together(occasion.hook, [...answers, ...unseen]);
  }

  async #runOne(definition: HookDefinition, occasion: Occasion, signal: AbortSignal): Promise<HookAnswer> {
    const { hook, sessionId, facts, tool, changing = [], mostMs = Number.POSITIVE_INFINITY } = occasion;
    const { command, origin, folder } = definition;
    const { cwd, projectDirectory, environment, searchPath } = this.#options;
    const told = { session_id: sessionId, cwd, hook_event_name: hook, ...valueWithoutHeldSecrets(facts) };
    const startedAt = performance.now();
    const result = await runProgram(command, {
      cwd: folder ?? cwd,
      environment: { ...environment, VICTOR_PROJECT_DIR: folder ?? projectDirectory },
      searchPath,
      input: `${JSON.stringify(told)}\n`,
      timeoutMs: Math.min(definition.timeoutMs, mostMs),
      signal,
    });
    const durationMs = Math.round(performance.now() - startedAt);
    // Whoever gave up has heard enough.
    if (signal.aborted) return {};
    const answer = withoutUnheard(cleanAnswer(readAnswer(hook, result)), origin);
    const { outcome, reason } = outcomeOf(hook, answer, {
      changing,
      mayRefuse: refuses(hook) && !occasion.inevitable,
    });
    this.#last.set(definition, { outcome, reason, durationMs });
    const about = {
      hook,
      origin,
      command: shown(command),
      durationMs,
      ...(tool === undefined ? {} : { tool }),
    };
    if (outcome !== 'none') this.onEvent?.({ type: 'hook', ...about, outcome, reason }, sessionId);
    if (answer.message !== undefined)
      this.onEvent?.({ type: 'notice', level: 'info', text: answer.message }, sessionId);
    return answer;
  }

  /**
   * What stands for a hook whose files have changed: one that guards does not let through what it has not seen. Calls are asked
   * about; a message is kept back, and goes when the user who has read why sends it again.
   */
  #changedOne(definition: HookDefinition, sessionId: string): HookAnswer {
    const { hook, command, file } = definition;
    const isNew = !this.#changed.has(definition);
    this.#changed.add(definition);
    const what = `The ${hook} hook ${shown(command)} of ${file} does not run: a file that it runs has changed since you confirmed it.`;
    const text = `${what} Run \`victor trust\` to see and confirm it, and start again.`;
    // Said once: what it would say the next time is the same.
    if (isNew) this.onEvent?.({ type: 'notice', level: 'warning', text }, sessionId);
    if (hook === 'PreToolUse') return cleanAnswer({ permission: { verdict: 'ask', reason: text } });
    if (hook !== 'UserPromptSubmit' || !(isNew || !this.#options.canAsk)) return {};
    const again = this.#options.canAsk ? ' Sent again, this goes without it.' : '';
    return cleanAnswer({ blocks: `${text}${again}` });
  }
}

/** A project may only tighten: what its hook would allow, or have run in place of a call, is not heard. */
function withoutUnheard(answer: HookAnswer, origin: HookDefinition['origin']): HookAnswer {
  if (origin !== 'project') return answer;
  const { permission, input, ...rest } = answer;
  return permission && permission.verdict !== 'allow' ? { ...rest, permission } : rest;
}

/** A command line for people: keys may stand in it. */
function shown(command: string, most = COMMAND_SHOWN): string {
  const line = redact(withoutHeldSecrets(command)).replaceAll(/\s+/g, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
