import { isRecord } from '../core/is-record.js';

/** A value of JSON. */
export type Plain = null | boolean | number | string | readonly Plain[] | PlainObject;
export type PlainObject = { readonly [name: string]: Plain };

/** Levels of lists and objects that are kept. Thousands of them end whatever walks through them by recursion. */
export const DEEPEST = 500;
/** Stands in the place of what is deeper. */
export const tooDeepMark = '<victor:too-deep>';

/** The value of a text that is JSON, without what is too deep in it, else `undefined`. */
export function parsed(text: string): Plain | undefined {
  try {
    const value = JSON.parse(text) as Plain;
    cutBelow(value, DEEPEST);
    return value;
  } catch {
    return undefined;
  }
}

/** Puts the mark in place of the lists and objects below so many levels, and answers whether there were some. */
export function cutBelow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const members = value as Record<string, unknown>;
  let cut = false;
  for (const name of Object.keys(members)) {
    const one = members[name];
    if (typeof one !== 'object' || one === null) continue;
    if (levels > 1) cut = cutBelow(one, levels - 1) || cut;
    else {
      members[name] = tooDeepMark;
      cut = true;
    }
  }
  return cut;
}

/** The same text for values that mean the same: members in one order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, one: unknown) =>
    isRecord(one) ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))) : one,
  );
}

/** The result of a tool call, in each dialect. */
export function isToolResult(value: unknown): boolean {
  if (!isRecord(value)) return false;
  return value.type === 'tool_result' || value.type === 'function_call_output' || value.role === 'tool';
}
