import { isRecord } from '../core/is-record.js';
import { isToolResult } from './plain-data.js';

export interface Difference {
  /** Such as `body.messages[4].content`. */
  readonly path: string;
  readonly recorded: unknown;
  readonly now: unknown;
  /** The result of a tool call that it is in, as the request has it now. */
  readonly toolResult: unknown;
  /** Values that are equal before it: the more, the nearer the two are. */
  readonly equalBefore: number;
}

const LONG_TEXT = 1_000;

/** Recorded lists, objects and long texts that are known to be equal to one of now, and how many values are in them. */
export type KnownEqual = Map<unknown, { readonly to: unknown; readonly values: number }>;

/**
 * Where two values of JSON differ first, in the order of the recorded one; `undefined` when they are equal. With one
 * `known` for all requests of a recording, what they share is compared once.
 */
export function firstDifference(
  recorded: unknown,
  now: unknown,
  known: KnownEqual = new Map(),
): Difference | undefined {
  let equal = 0;
  const walk = (one: unknown, other: unknown, path: string, result: unknown): Difference | undefined => {
    const inside = isToolResult(other) ? other : result;
    const bothLists = Array.isArray(one) && Array.isArray(other);
    if (bothLists || (isRecord(one) && isRecord(other))) {
      const before = known.get(one);
      if (before && before.to === other) {
        equal += before.values;
        return undefined;
      }
      const start = equal;
      const names = new Set([...Object.keys(one as object), ...Object.keys(other as object)]);
      for (const name of names) {
        const next = bothLists ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`;
        const found = walk(member(one, name), member(other, name), next, inside);
        if (found) return found;
      }
      known.set(one, { to: other, values: equal - start });
      return undefined;
    }
    // Two long texts that are equal are two copies, and each comparison would read both to the end.
    const isLong = typeof one === 'string' && one.length > LONG_TEXT;
    if ((isLong && known.get(one)?.to === other) || one === other) {
      if (isLong) known.set(one, { to: other, values: 1 });
      equal += 1;
      return undefined;
    }
    return { path, recorded: one, now: other, toolResult: inside, equalBefore: equal };
  };
  return walk(recorded, now, '', undefined);
}

/** Two values in words, each cut to the place where they differ. */
export function shownDifference({ recorded, now }: Difference): string {
  const [one, other] = [shown(recorded), shown(now)];
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  return `recorded ${around(one, start)}, now ${around(other, start)}`;
}

const BEFORE = 24;
const AFTER = 48;

function around(text: string, place: number): string {
  const from = Math.max(0, place - BEFORE);
  const to = place + AFTER;
  return `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`;
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function member(value: unknown, name: string): unknown {
  return Object.hasOwn(value as object, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
