import type { Coordinators } from '../core/coordinator.js';
import type { Decision } from '../core/decision.js';
import type { ExtensionFailure } from '../core/extension.js';
import { contracts, type Method, optional, told } from './coordinator-contracts.js';
import { type Call, guardMethod } from './guard-method.js';

export interface GuardOptions<Key extends keyof Coordinators> {
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
  cause: 'failed-coordinator',
};

/** A built-in one might allow what the user's own would have refused. */
const strictest: Pick<Coordinators, 'mode' | 'permission'> = {
  mode: { current: () => 'read-only', set() {}, allows: () => refused },
  permission: {
    decide: async () => refused,
    ask: async () => ({ allowed: false, scope: 'once' }),
    hides: () => true,
    namesHost: () => false,
    restrict() {},
  },
};

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
export function guardCoordinator<Key extends keyof Coordinators>(
  options: GuardOptions<Key>,
): Coordinators[Key] {
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
