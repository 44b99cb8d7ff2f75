import type { CacheBreak } from '../core/cache-break.js';
import type { CacheFact } from './cache-facts.js';
import { changedSegment, type Prefix, prefixSegments, type Segment, segmentName } from './prefix-segments.js';

/** One request as the diagnosis remembers it. */
export interface SentRequest {
  readonly prefix: Prefix;
  /** Milliseconds since 1970: a machine that sleeps lets a cache grow old, too. */
  readonly sentAt: number;
  /** How often the session's list of tools had grown, and by which strategy. */
  readonly epoch: number;
  readonly strategy: string;
}

type Blame = Pick<CacheBreak, 'cause' | 'by' | 'segment'>;
type Blamed = Omit<Blame, 'segment'>;

/** Providers keep a prompt for five minutes after its last use, unless they were asked for an hour. */
const CACHE_LIFETIME_MS = 5 * 60 * 1_000;

/** Which settings reach which part of a request. */
const settingsOf = {
  model: /^(provider|model|baseURL)\b/,
  tool: /^(tools|toolSelection)\b/,
  system: /^(contributors|prompt)\b/,
};

/** Who made `now` begin differently than `before`: the segment at `at` is the first that changed. */
export function blameChange(
  before: SentRequest,
  now: SentRequest,
  at: number,
  facts: readonly CacheFact[],
): Blame {
  const changed = changedSegment(prefixSegments(before.prefix), prefixSegments(now.prefix), at);
  const one = changed.segments[changed.at]!;
  return { ...blameSegment(one, before, now, facts), segment: segmentName(changed.segments, changed.at) };
}

/** Why the cache had gone although nothing changed. */
export function blameProvider(before: SentRequest, now: SentRequest, facts: readonly CacheFact[]): Blame {
  const key = settingIn(facts, settingsOf.model);
  if (key !== undefined) return { cause: 'setting', by: { kind: 'setting', name: key }, segment: '' };
  const idleMs = now.sentAt - before.sentAt;
  if (idleMs >= CACHE_LIFETIME_MS) {
    return { cause: 'idle', by: { kind: 'time', name: `${Math.floor(idleMs / 60_000)} min` }, segment: '' };
  }
  return { cause: 'provider', by: { kind: 'provider', name: now.prefix.model }, segment: '' };
}

function blameSegment(
  segment: Segment,
  before: SentRequest,
  now: SentRequest,
  facts: readonly CacheFact[],
): Blamed {
  if (segment.kind === 'message' || segment.kind === 'note') {
    const history = facts.findLast((fact) => fact.type === 'history');
    return history?.blamed ?? { cause: 'message', by: { kind: 'coordinator', name: 'context' } };
  }
  const key = settingIn(facts, settingsOf[segment.kind]);
  if (key !== undefined) return { cause: 'setting', by: { kind: 'setting', name: key } };
  if (segment.kind === 'model') {
    const asked = facts.some(({ type }) => type === 'model');
    const by = asked
      ? ({ kind: 'command', name: '/model' } as const)
      : ({ kind: 'coordinator', name: 'provider' } as const);
    return { cause: 'model', by };
  }
  if (segment.kind === 'tool') {
    return now.epoch > before.epoch
      ? { cause: 'tool-epoch', by: { kind: 'strategy', name: now.strategy } }
      : { cause: 'tool-change', by: { kind: 'tool', name: segment.name } };
  }
  return blameSection(segment, facts);
}

function blameSection({ contributor: name }: Segment, facts: readonly CacheFact[]): Blamed {
  if (name === undefined) return { cause: 'prompt', by: { kind: 'coordinator', name: 'prompt' } };
  const by = { kind: 'contributor', name } as const;
  if (facts.some((fact) => fact.type === 'contributor-failure' && fact.name === name)) {
    return { cause: 'contributor-failure', by };
  }
  return { cause: facts.some(({ type }) => type === 'mode') ? 'mode' : 'contributor', by };
}

function settingIn(facts: readonly CacheFact[], keys: RegExp): string | undefined {
  const changed = facts.flatMap((fact) => (fact.type === 'setting' ? fact.key : []));
  return changed.findLast((key) => keys.test(key));
}
