import { isRecord } from '../core/is-record.js';
import type { WholeRequest } from './clean-request.js';
import { canonical, type Plain, type PlainObject } from './plain-data.js';
import type { RecordedRequest } from './recording.js';

/**
 * Every request of a conversation says again what the ones before said; a recording keeps what is new, or a long one
 * would grow with the square of its length.
 */
export function withoutSame(request: WholeRequest, before: WholeRequest | undefined): RecordedRequest {
  const { body } = request;
  const old = before?.body;
  if (!isRecord(body) || !isRecord(old)) return request;
  const same: Record<string, true | number> = {};
  const changed: Record<string, Plain> = {};
  for (const [name, value] of Object.entries(body as PlainObject)) {
    const earlier = old[name];
    if (canonical(value) === canonical(earlier)) {
      same[name] = true;
      continue;
    }
    const shared = Array.isArray(value) && Array.isArray(earlier) ? sharedItems(value, earlier) : 0;
    if (shared > 0) same[name] = shared;
    changed[name] = shared > 0 ? (value as readonly Plain[]).slice(shared) : value;
  }
  return { ...request, body: changed, same };
}

/** The opposite. A recording that contradicts itself gives a body that matches nothing. Nothing but lists is copied. */
export function withSame(request: RecordedRequest, before: WholeRequest | undefined): WholeRequest {
  const { same, ...rest } = request;
  if (same === undefined || !isRecord(rest.body)) return rest;
  const old = isRecord(before?.body) ? (before.body as PlainObject) : {};
  const kept = Object.entries(same).map(([name, count]): [string, Plain] => {
    const earlier = Object.hasOwn(old, name) ? (old[name] ?? null) : null;
    if (count === true || !Array.isArray(earlier)) return [name, earlier];
    const added = (rest.body as PlainObject)[name] ?? [];
    return [name, [...earlier.slice(0, count), ...(Array.isArray(added) ? added : [added])]];
  });
  return { ...rest, body: { ...rest.body, ...Object.fromEntries(kept) } };
}

function sharedItems(now: readonly Plain[], before: readonly Plain[]): number {
  const length = Math.min(now.length, before.length);
  for (let index = 0; index < length; index += 1) {
    if (canonical(now[index]) !== canonical(before[index])) return index;
  }
  return length;
}
