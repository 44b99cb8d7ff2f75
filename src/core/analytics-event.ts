import type { VictorEvent } from './event.js';
import type { AnalyticsEvent } from './extension.js';

type Data = AnalyticsEvent['data'];

/**
 * The analytics of one event, or `undefined` for events that are not counted. Only the fields named here
 * leave: counts, names of models, tools and strategies, durations, codes. Never prompts, answers, code or paths.
 */
export function analyticsEvent(event: VictorEvent): AnalyticsEvent | undefined {
  const data = dataOf(event);
  if (!data) return undefined;
  const { id, sessionId, timestamp } = event;
  return Object.freeze({
    id,
    sessionId,
    type: event.type.replaceAll('-', '_'),
    data: Object.freeze(data),
    timestamp,
  });
}

function dataOf(event: VictorEvent): Data | undefined {
  switch (event.type) {
    case 'session-open':
      return { resumed: event.resumed, messages: event.messages };
    case 'session-reset':
      return {};
    case 'mode-change':
    case 'provider-change':
      return { from: event.from, to: event.to };
    case 'turn-start':
      return { provider: event.provider, model: event.model, mode: event.mode };
    case 'tool-selection': {
      const { strategy, offered, epoch } = event.selection;
      return { strategy, offered: offered.length, epoch };
    }
    case 'compaction':
      return {
        strategy: event.strategy,
        automatic: event.automatic,
        messagesBefore: event.before.messages,
        messagesAfter: event.after.messages,
        tokensBefore: event.before.tokens,
        tokensAfter: event.after.tokens,
      };
    case 'request-retry':
      return {
        provider: event.provider,
        attempt: event.attempt,
        waitMs: event.waitMs,
        code: event.error.code,
      };
    case 'provider-fallback':
      return { from: event.from, to: event.to, code: event.error.code };
    case 'request-end': {
      const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = event.usage;
      const tokens = { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens };
      const { provider, model, costUsd, stopReason, durationMs, purpose } = event;
      const counted = { provider, model, ...tokens, costUsd, stopReason, durationMs: Math.round(durationMs) };
      return purpose === undefined ? counted : { ...counted, purpose };
    }
    case 'cache-break': {
      const { cause, by, segment, expectedTokens, readTokens } = event.cacheBreak;
      const who = { byKind: by.kind, by: by.kind === 'contributor' ? fileName(by.name) : by.name };
      return { cause, ...who, segment: sectionFile(segment), expectedTokens, readTokens };
    }
    case 'tool-result':
      return {
        // A name that the model made up may be anything that it read.
        tool: event.result.unknownTool ? 'unknown' : event.call.name,
        isError: event.result.isError ?? false,
        denied: event.denied,
        durationMs: Math.round(event.durationMs),
      };
    case 'turn-end':
      return {
        provider: event.provider,
        model: event.model,
        reason: event.reason,
        totalTokens: event.usage.totalTokens,
        costUsd: event.costUsd,
        providerCalls: event.providerCalls,
        durationMs: Math.round(event.durationMs),
      };
    case 'turn-error':
      return { code: event.error.code };
    case 'hook':
      return { hook: event.hook, outcome: event.outcome, durationMs: event.durationMs };
    case 'extension-failure':
      // Of an extension by path the file alone: where it lies is nobody's business.
      return { kind: event.failure.kind, name: fileName(event.failure.name) };
    default:
      return undefined;
  }
}

/** A section that has no name of its own is called like its contributor. */
function sectionFile(segment: string): string {
  const start = 'system section ';
  return segment.startsWith(start) ? start + fileName(segment.slice(start.length)) : segment;
}

function fileName(name: string): string {
  return name.split(/[\\/]/).at(-1) ?? '';
}
