import { contextProblem } from '../compaction/enforce-invariants.js';
import { answerWithin } from '../core/answer-within.js';
import { type Coordinators, modes } from '../core/coordinator.js';
import type { Decision } from '../core/decision.js';
import { messageOf } from '../core/describe-failure.js';
import { AbortedError, VictorError } from '../core/errors.js';
import type { ExtensionFailure } from '../core/extension.js';
import { streamIterator } from '../core/until-aborted.js';

type Name = keyof Coordinators;
/** Why an answer is not what the contract asks for; `undefined` when it is. */
type Problem = (answer: unknown) => string | undefined;

interface Method {
  readonly problem: Problem;
  /** A user's coordinator may leave it out. */
  readonly optional?: true;
  /** It answers at once; a promise is a wrong answer. */
  readonly sync?: true;
  /** The built-in one is told too, so that it knows the state when it has to serve. */
  readonly mirrored?: true;
  /** It answers a stream; the built-in one serves when nothing came of it. */
  readonly streams?: true;
  /** Milliseconds; absent: as long as it takes. */
  readonly timeoutMs?: number;
}

const any: Problem = () => undefined;
const text: Problem = (answer) => (typeof answer === 'string' ? undefined : 'no text');
const list: Problem = (answer) => (Array.isArray(answer) ? undefined : 'no list');
const having =
  (key: string, type: string): Problem =>
  (answer) => {
    const value = (answer as Record<string, unknown> | null | undefined)?.[key];
    const right = type === 'array' ? Array.isArray(value) : typeof value === type;
    return right ? undefined : `nothing with ${key}`;
  };
const object: Problem = (answer) =>
  typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? undefined : 'no object';
const orNothing =
  (problem: Problem): Problem =>
  (answer) =>
    answer === undefined ? undefined : problem(answer);
const price: Problem = (answer) =>
  answer === null || typeof answer === 'number' ? undefined : 'neither a price nor null';
const mode: Problem = (answer) =>
  (modes as readonly unknown[]).includes(answer) ? undefined : 'none of the modes';

const sync = (problem: Problem): Method => ({ problem, sync: true });
const told: Method = { problem: any, sync: true, mirrored: true };
const quick = (problem: Problem): Method => ({ problem, timeoutMs: 5_000 });
const slow = (problem: Problem): Method => ({ problem, timeoutMs: 60_000 });
const optional = (method: Method): Method => ({ ...method, optional: true });

/** What each method of a user's own coordinator has to answer, and in which time. */
const contracts: { readonly [Key in Name]: { readonly [Part in keyof Coordinators[Key]]-?: Method } } = {
  config: { loadConfig: quick(object), getConfig: sync(object), invalidate: told },
  prompt: { buildSystemPrompt: quick(text), buildPrompt: optional(quick(having('system', 'string'))) },
  context: {
    getContext: sync(contextProblem),
    append: told,
    replace: optional(told),
    compactContext: slow(contextProblem),
    fit: optional(slow(orNothing(having('changed', 'boolean')))),
    observe: optional(told),
    reset: told,
  },
  chat: { run: { problem: any, streams: true, timeoutMs: 30_000 } },
  tool: {
    list: sync(list),
    definitions: sync(list),
    execute: { problem: having('content', 'string') },
    preview: optional(quick(orNothing(having('content', 'string')))),
  },
  toolSelection: { select: quick(having('offered', 'array')), rank: optional(quick(object)) },
  session: {
    open: slow(having('messages', 'array')),
    record: slow(any),
    list: slow(list),
    resetSession: { ...slow(any), mirrored: true },
  },
  provider: {
    current: sync(having('model', 'string')),
    switchTo: { ...slow(having('model', 'string')), mirrored: true },
    stream: { problem: any, streams: true },
    cost: sync(price),
  },
  mode: { current: sync(mode), set: told, allows: sync(having('verdict', 'string')) },
  permission: {
    decide: quick(having('verdict', 'string')),
    restrict: optional(told),
    ask: { problem: having('allowed', 'boolean') },
  },
  metrics: { record: told, snapshot: sync(object) },
  analytics: {
    track: told,
    getSessionAnalytics: slow(having('events', 'array')),
    exportAnalytics: slow(having('success', 'boolean')),
    close: { problem: any, mirrored: true, timeoutMs: 5_000 },
  },
  checkpoint: {
    save: slow(list),
    seal: slow(any),
    list: slow(list),
    restore: slow(having('restored', 'boolean')),
  },
  evaluation: { evaluate: { problem: list } },
  workflow: { list: sync(list), run: { problem: any, streams: true, timeoutMs: 30_000 } },
};

export interface GuardOptions<Key extends Name> {
  readonly name: Key;
  /** What the user made. */
  readonly given: Coordinators[Key];
  /** What serves where that fails; where it is about permission, nothing is allowed instead. */
  readonly builtIn: Coordinators[Key];
  readonly report: (failure: ExtensionFailure) => void;
  /** Milliseconds in place of every time limit. */
  readonly timeoutMs?: number | undefined;
}

const refused: Decision = {
  verdict: 'deny',
  reason: 'What decides about permission failed, so nothing that needs one runs.',
};

/** A built-in one might allow what the user's own would have refused. */
const strictest: Pick<Coordinators, 'mode' | 'permission'> = {
  mode: { current: () => 'read-only', set() {}, allows: () => refused },
  permission: {
    decide: async () => refused,
    ask: async () => ({ allowed: false, scope: 'once' }),
    restrict() {},
  },
};

type Call = (...given: readonly unknown[]) => unknown;

/** What each guarded coordinator has failed at so far. */
const failures = new WeakMap<object, ReadonlyMap<PropertyKey, string>>();

/** What a user's coordinator has failed at since it was made, a line a method; nothing for a built-in one. */
export function guardFailures(coordinator: object): readonly string[] {
  return [...(failures.get(coordinator)?.values() ?? [])];
}

/**
 * A user's coordinator that may throw, hang or answer nonsense without ending a turn: the call goes to the fallback
 * then, and the failure is reported once a method. An abort passes through, and every typed error that a
 * stream begins with: those are answers.
 */
export function guardCoordinator<Key extends Name>(options: GuardOptions<Key>): Coordinators[Key] {
  const { given, builtIn, name } = options;
  const strict: object | undefined = name === 'mode' || name === 'permission' ? strictest[name] : undefined;
  const contract = contracts[name] as Readonly<Record<PropertyKey, Method>>;
  const reported = new Map<PropertyKey, string>();
  const guarded = new Map<PropertyKey, Call>();
  const fail = (method: PropertyKey, why: string): void => {
    if (reported.has(method)) return;
    const message = `${String(method)} ${why}`;
    reported.set(method, message);
    const fallback = strict ? 'nothing was allowed' : 'the built-in one served';
    options.report({ kind: 'coordinator', name, message, fallback });
  };
  const guard = new Proxy(given, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      const method = methodOf(contract, key);
      if (!method) return typeof value === 'function' ? value.bind(target) : value;
      if (value === undefined && method.optional) return undefined;
      let call = guarded.get(key);
      if (!call) {
        const limited = { ...method, ...(options.timeoutMs && method.timeoutMs ? options : {}) };
        call = guardMethod(
          limited,
          // What is missing fails like what throws.
          (...all) => (value as Call).apply(target, all as unknown[]),
          (...all) => ((strict ?? builtIn) as Record<PropertyKey, Call | undefined>)[key]?.(...all),
          (why) => fail(key, typeof value === 'function' ? why : 'is missing'),
        );
        guarded.set(key, call);
      }
      return call;
    },
    // A private member of a class is only there for the object itself.
    set: (target, key, value) => Reflect.set(target, key, value, target),
  }) as Coordinators[Key];
  failures.set(guard, reported);
  return guard;
}

/** New settings of a running process reach the one that serves where this one fails, too. */
function methodOf(contract: Readonly<Record<PropertyKey, Method>>, key: PropertyKey): Method | undefined {
  if (key === 'configure') return optional(told);
  return Object.hasOwn(contract, key) ? contract[key] : undefined;
}

function guardMethod(method: Method, call: Call, instead: Call, fail: (why: string) => void): Call {
  const { problem, mirrored, timeoutMs } = method;
  const checked = (answer: unknown, given: readonly unknown[]): unknown => {
    const wrong = problem(answer);
    if (wrong === undefined) return answer;
    fail(`returned ${wrong}`);
    return mirrored ? undefined : instead(...given);
  };
  const failed = (error: unknown, given: readonly unknown[]): unknown => {
    if (error instanceof AbortedError) throw error;
    fail(`failed: ${messageOf(error)}`);
    return mirrored ? undefined : instead(...given);
  };
  return (...given) => {
    const shown = given.map((one) => frozenCopy(one));
    if (method.streams)
      return stream(
        method,
        () => call(...shown),
        () => instead(...given),
        fail,
      );
    if (mirrored) settle(() => instead(...given));
    try {
      const answer = call(...shown);
      if (!(answer instanceof Promise)) return checked(answer, given);
      if (method.sync) {
        answer.catch(() => {});
        fail('returned a promise');
        return mirrored ? undefined : instead(...given);
      }
      return within(answer, timeoutMs).then(
        (value) => checked(value, given),
        (error: unknown) => failed(error, given),
      );
    } catch (error) {
      const answer = failed(error, given);
      return method.sync ? answer : Promise.resolve(answer);
    }
  };
}

/** The user's stream, or the built-in one when nothing came of it. */
async function* stream(
  { timeoutMs }: Method,
  call: () => unknown,
  instead: () => unknown,
  fail: (why: string) => void,
): AsyncGenerator<unknown, void> {
  let iterator: AsyncIterator<unknown> | undefined;
  let first: IteratorResult<unknown> | undefined;
  try {
    iterator = streamIterator(call() as AsyncIterable<unknown>);
    first = await within(iterator.next(), timeoutMs);
  } catch (error) {
    // A typed error of a turn is about the turn.
    if (error instanceof VictorError) throw error;
    fail(`failed: ${messageOf(error)}`);
  }
  if (!iterator || !first) return yield* instead() as AsyncIterable<unknown>;
  try {
    for (; !first.done; first = await iterator.next()) yield first.value;
  } finally {
    if (!first.done) await iterator.return?.();
  }
}

function within<T>(answer: Promise<T>, timeoutMs: number | undefined): Promise<T> {
  return timeoutMs === undefined ? answer : answerWithin(answer, timeoutMs);
}

/** The fallback only takes notice here; what it has to say about it is nobody's business. */
function settle(call: () => unknown): void {
  try {
    const answer = call();
    if (answer instanceof Promise) answer.catch(() => {});
  } catch {}
}

/** What a user's code gets, it cannot break: lists and plain objects are copies, frozen all the way down. */
function frozenCopy(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || depth > 6) return value;
  if (Array.isArray(value)) return Object.freeze(value.map((one) => frozenCopy(one, depth + 1)));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const copy = Object.entries(value).map(([key, inner]) => [key, frozenCopy(inner, depth + 1)]);
  return Object.freeze(Object.fromEntries(copy));
}
