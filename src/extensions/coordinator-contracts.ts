import { contextProblem } from '../compaction/enforce-invariants.js';
import { type Coordinators, modes } from '../core/coordinator.js';
import { isRecord } from '../core/is-record.js';

/** Why an answer is not what the contract asks for; `undefined` when it is. */
type Problem = (answer: unknown) => string | undefined;

/** What a method of a coordinator has to answer. */
export interface Method {
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
const object: Problem = (answer) => (isRecord(answer) ? undefined : 'no object');
const orNothing =
  (problem: Problem): Problem =>
  (answer) =>
    answer === undefined ? undefined : problem(answer);
const price: Problem = (answer) =>
  answer === null || typeof answer === 'number' ? undefined : 'neither a price nor null';
const truth: Problem = (answer) => (typeof answer === 'boolean' ? undefined : 'neither true nor false');
const mode: Problem = (answer) =>
  (modes as readonly unknown[]).includes(answer) ? undefined : 'none of the modes';

const sync = (problem: Problem): Method => ({ problem, sync: true });
export const told: Method = { problem: any, sync: true, mirrored: true };
const quick = (problem: Problem): Method => ({ problem, timeoutMs: 5_000 });
const slow = (problem: Problem): Method => ({ problem, timeoutMs: 60_000 });
export const optional = (method: Method): Method => ({ ...method, optional: true });

/** What each method of a user's own coordinator has to answer, and in which time. */
export const contracts: {
  readonly [Key in keyof Coordinators]: { readonly [Part in keyof Coordinators[Key]]-?: Method };
} = {
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
  toolSelection: {
    select: quick(having('offered', 'array')),
    rank: optional(quick(object)),
    leavesOut: optional(sync(truth)),
    find: optional(quick(having('added', 'array'))),
  },
  session: {
    open: slow(having('messages', 'array')),
    record: slow(any),
    list: slow(list),
    resetSession: { ...slow(any), mirrored: true },
    fork: optional(slow(orNothing(text))),
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
    hides: optional(sync(any)),
    namesHost: optional(sync(any)),
    restrict: optional(told),
    ask: { problem: having('allowed', 'boolean') },
  },
  metrics: { record: told, snapshot: sync(object) },
  analytics: {
    track: told,
    flush: optional(slow(truth)),
    getSessionAnalytics: slow(having('events', 'array')),
    exportAnalytics: slow(having('success', 'boolean')),
    close: { problem: any, mirrored: true, timeoutMs: 5_000 },
  },
  checkpoint: {
    save: slow(list),
    seal: slow(any),
    discard: optional(slow(any)),
    list: slow(list),
    restore: slow(having('restored', 'boolean')),
    preview: optional(slow(having('files', 'array'))),
    apply: optional(slow(having('restored', 'array'))),
    diff: optional(slow(list)),
  },
  evaluation: { evaluate: { problem: list }, evaluateSelection: optional({ problem: list }) },
  workflow: { list: sync(list), run: { problem: any, streams: true, timeoutMs: 30_000 } },
};
