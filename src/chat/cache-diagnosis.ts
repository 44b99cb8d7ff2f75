import type { CacheBreak } from '../core/cache-break.js';
import type { Prompt } from '../core/coordinator.js';
import type { VictorEvent } from '../core/event.js';
import { contextTokens, type Usage } from '../core/usage.js';
import { blameChange, blameProvider, type SentRequest } from './cache-blame.js';
import { type CacheFact, cacheFact, resetFact } from './cache-facts.js';
import { firstChange, onlyGrew, type Prefix, prefixSegments } from './prefix-segments.js';

interface Session {
  /** The last request that was answered, and the tokens that its provider had cached then. */
  before?: SentRequest & { readonly cachedTokens: number };
  /** What happened since that one was sent. */
  facts: CacheFact[];
  epoch: number;
  strategy: string;
  turnRuns: boolean;
  resetInTurn: boolean;
}

/** Some providers count in steps of this many tokens. */
const TOLERANCE_TOKENS = 128;

/** A request that is on its way. */
export interface WatchedRequest {
  /** What was lost, when its provider could not use again all that it had; call it once, when the answer is whole. */
  answered(usage: Usage): CacheBreak | undefined;
}

/**
 * Compares each request of a session with the one before it, and says who is to blame when it does not begin the same
 * or when less was read from the cache than was in it. It learns what happens from the events.
 */
export class CacheDiagnosis {
  readonly #sessions = new Map<string, Session>();

  record(event: VictorEvent): void {
    const session = this.#session(event.sessionId);
    if (event.type === 'tool-selection') {
      const { epoch, strategy } = event.selection;
      Object.assign(session, { epoch, strategy });
    }
    if (event.type === 'turn-start') session.turnRuns = true;
    if (event.type === 'session-reset') session.resetInTurn = session.turnRuns;
    if (event.type === 'turn-end' || event.type === 'turn-error') {
      session.turnRuns = false;
      // What a turn still added after a reset goes with the rest, and nobody tells that a second time.
      if (session.resetInTurn) session.facts.push(resetFact);
      session.resetInTurn = false;
    }
    const fact = cacheFact(event);
    if (!fact) return;
    // One session is told of a setting that holds for all of them.
    const concerned = fact.type === 'setting' ? this.#sessions.values() : [session];
    for (const one of concerned) one.facts.push(fact);
  }

  /** Call it just before the request is sent. A request that fails is forgotten: nobody knows what was cached of it. */
  watch(
    sessionId: string,
    { prompt, ...request }: Omit<Prefix, 'parts'> & { prompt: Prompt },
  ): WatchedRequest {
    const session = this.#session(sessionId);
    // It is looked at only later, and a coordinator of the user's may go on to change its list.
    const messages = Object.isFrozen(request.messages) ? request.messages : [...request.messages];
    const prefix = { ...request, messages, parts: partsOf(prompt) };
    const { epoch, strategy } = session;
    const now: SentRequest = { prefix, sentAt: Date.now(), epoch, strategy };
    const happened = session.facts.length;
    return {
      answered(usage) {
        const { before } = session;
        const facts = session.facts.splice(0, happened);
        const { cacheReadTokens: readTokens, cacheWriteTokens } = usage;
        const isCounted = contextTokens(usage) > 0;
        const expectedTokens = before?.cachedTokens ?? 0;
        session.before = {
          ...now,
          cachedTokens: isCounted ? readTokens + cacheWriteTokens : expectedTokens,
        };
        if (!before) return undefined;
        const at = changeBetween(before.prefix, prefix);
        const fell = isCounted && readTokens < expectedTokens - TOLERANCE_TOKENS;
        if (at === undefined && !fell) return undefined;
        const blame =
          at === undefined ? blameProvider(before, now, facts) : blameChange(before, now, at, facts);
        return { ...blame, expectedTokens, readTokens };
      },
    };
  }

  #session(id: string): Session {
    let session = this.#sessions.get(id);
    if (!session) {
      session = { facts: [], epoch: 0, strategy: '', turnRuns: false, resetInTurn: false };
      this.#sessions.set(id, session);
    }
    return session;
  }
}

/** Hashes nothing as long as a conversation goes on as it began. */
function changeBetween(before: Prefix, now: Prefix): number | undefined {
  return onlyGrew(before, now) ? undefined : firstChange(prefixSegments(before), prefixSegments(now));
}

/** A prompt coordinator of the user's may say nothing of its parts, or something that is not so. */
function partsOf({ system, parts }: Prompt): Prefix['parts'] {
  const whole = [{ section: 'system', text: system }];
  if (!Array.isArray(parts) || !parts.every(isPart)) return whole;
  return parts.map(({ text }) => text).join('\n\n') === system ? parts : whole;
}

function isPart(part: unknown): boolean {
  const { contributor, section, text } = (part ?? {}) as Record<string, unknown>;
  return [contributor, section, text].every((one) => typeof one === 'string');
}
