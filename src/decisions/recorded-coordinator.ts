import type { Coordinators } from '../core/coordinator.js';
import type { DecisionRecord } from '../core/decision-record.js';
import { type DecidingMethod, failed, type Said } from './deciding-method.js';
import { decidingMethods } from './deciding-methods.js';
import type { DecisionLog } from './decision-log.js';
import { quietly } from './quietly.js';
import { recordedStream, streamMethods } from './recorded-streams.js';

type Call = (...given: readonly unknown[]) => unknown;
/** The same for whatever is given: each method knows the types of its own. */
interface AnyMethod extends Pick<DecidingMethod, 'inTurnsOnly' | 'untimed'> {
  sessionOf(...given: readonly unknown[]): string | undefined;
  before?(owner: object, ...given: readonly unknown[]): unknown;
  describe(asked: { given: readonly unknown[]; answer: unknown; before: unknown }): Said | undefined;
}

/**
 * The coordinator, each of whose decisions is recorded: what it was asked, what it answered and why, how long it took. It is
 * told from outside, so that a user's own coordinator is recorded as a built-in one is; the reasons are in the answers.
 */
export function recordedCoordinator<Name extends keyof Coordinators>(
  name: Name,
  coordinator: Coordinators[Name],
  log: DecisionLog,
): Coordinators[Name] {
  const methods = (decidingMethods[name] ?? {}) as Readonly<Record<PropertyKey, unknown>>;
  const streams = (streamMethods[name] ?? {}) as Readonly<Record<PropertyKey, unknown>>;
  const calls = new Map<PropertyKey, { readonly of: unknown; readonly call: Call }>();
  /** How often somebody put a method of their own in place of one, which may call the one before from then on. */
  const replaced = new Map<PropertyKey, number>();
  const replace = (key: PropertyKey) => {
    calls.delete(key);
    replaced.set(key, (replaced.get(key) ?? 0) + 1);
  };
  /** Of two calls of which one calls the other, only the one that is in place is recorded. */
  const whileInPlace = (key: PropertyKey, plain: Call, recorded: Call): Call => {
    const since = replaced.get(key);
    return (...given) => (replaced.get(key) === since ? recorded : plain)(...given);
  };
  const callOf = (key: PropertyKey, value: Call, owner: object): Call => {
    // A private member of a class is only there for the object itself.
    const bound: Call = (...given) => value.apply(owner, given as unknown[]);
    const decision = String(key);
    if (Object.hasOwn(methods, key)) {
      const note = (said: Said, ms: number | undefined, sessionId: string) =>
        log.note(recordOf({ coordinator: name, decision }, said, ms), sessionId);
      const recorded = recordedCall(methods[key] as AnyMethod, { owner, call: bound, note, log });
      return whileInPlace(key, bound, recorded);
    }
    if (!Object.hasOwn(streams, key)) return bound;
    return whileInPlace(key, bound, recordedStream(name, { owner, call: bound, log }));
  };
  return new Proxy(coordinator, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function' || key === 'constructor') return value;
      const known = calls.get(key);
      if (known?.of === value) return known.call;
      const call = callOf(key, value as Call, target);
      calls.set(key, { of: value, call });
      return call;
    },
    set(target, key, value) {
      replace(key);
      return Reflect.set(target, key, value, target);
    },
    defineProperty(target, key, descriptor) {
      replace(key);
      return Reflect.defineProperty(target, key, descriptor);
    },
  });
}

interface Recording {
  readonly owner: object;
  readonly call: Call;
  readonly note: (said: Said, ms: number | undefined, sessionId: string) => void;
  readonly log: Pick<DecisionLog, 'isWorking'>;
}

function recordedCall(method: AnyMethod, { owner, call, note, log }: Recording): Call {
  return (...given) => {
    const sessionId = quietly(() => method.sessionOf(...given));
    if (sessionId === undefined || (method.inTurnsOnly && !log.isWorking(sessionId))) return call(...given);
    const startedAt = performance.now();
    const tell = (describe: () => Said | undefined) => {
      quietly(() => {
        const said = describe();
        if (said) note(said, method.untimed ? undefined : performance.now() - startedAt, sessionId);
      });
    };
    const before = quietly(() => method.before?.(owner, ...given));
    const answered = (answer: unknown) => {
      tell(() => {
        try {
          return method.describe({ given, answer, before });
        } catch {
          // What a user's coordinator answers may be anything.
          return { outcome: 'Answered', reason: 'What it answered has not the form to tell more.' };
        }
      });
      return answer;
    };
    try {
      const answer = call(...given);
      if (!(answer instanceof Promise)) return answered(answer);
      return answer.then(answered, (error: unknown) => {
        tell(() => failed(error));
        throw error;
      });
    } catch (error) {
      tell(() => failed(error));
      throw error;
    }
  };
}

function recordOf(
  who: Pick<DecisionRecord, 'coordinator' | 'decision'>,
  { cost, ...said }: Said,
  ms: number | undefined,
): DecisionRecord {
  const whole = { ...cost, ...(ms === undefined ? {} : { ms }) };
  return { ...who, ...said, ...(Object.keys(whole).length > 0 ? { cost: whole } : {}) };
}
