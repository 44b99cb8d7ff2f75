import type { AnalyticsEvent } from '../core/extension.js';
import { attributes, type KeyValue, nanoseconds, spanIdOf, traceIdOf } from './otlp-json.js';

export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly KeyValue[];
  readonly status?: { readonly code: number };
}

export interface LogRecord {
  readonly timeUnixNano: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly eventName: string;
  readonly body: { readonly stringValue: string };
  readonly attributes: readonly KeyValue[];
  readonly traceId: string;
  readonly spanId?: string;
}

/** An event and the start of the turn it belongs to. */
export interface Entry {
  readonly event: AnalyticsEvent;
  readonly turn: AnalyticsEvent | undefined;
}

/** The start of the turn that runs in each session. */
export type Turns = ReadonlyMap<string, AnalyticsEvent>;

const INTERNAL = 1;
const CLIENT = 3;
const ERROR = 2;
/** Sessions whose running turn is remembered. */
const MAX_TURNS = 1_000;

/** Each event with its turn, and the turns that still run. `turns` stays as it is: what comes again finds the same. */
export function withTurns(
  turns: Turns,
  events: readonly AnalyticsEvent[],
): { readonly entries: readonly Entry[]; readonly running: Turns } {
  const running = new Map(turns);
  const entries = events.map((event) => {
    const { sessionId, type } = event;
    if (type === 'turn_start') {
      running.delete(sessionId);
      running.set(sessionId, event);
      if (running.size > MAX_TURNS) running.delete(running.keys().next().value!);
    }
    const turn = running.get(sessionId);
    if (type === 'turn_end' || type === 'turn_error') running.delete(sessionId);
    return { event, turn };
  });
  return { entries, running };
}

/** Whether an event has a duration, and so is a span; every other is a log record. */
export function isSpan({ type }: AnalyticsEvent): boolean {
  return spanTypes.has(type);
}

const spanTypes: ReadonlySet<string> = new Set(['turn_end', 'turn_error', 'request_end', 'tool_result']);

/**
 * A turn, a request or a tool call as a span, named by OpenTelemetry's semantic conventions for generative AI. Its ids
 * follow from the ids of session and events, so that what comes again is the same span. A turn is one trace.
 */
export function spanOf({ event, turn }: Entry): Span {
  const { sessionId, data, timestamp } = event;
  const session = { 'gen_ai.conversation.id': sessionId };
  const lasted = typeof data.durationMs === 'number' ? data.durationMs : 0;
  const own = {
    traceId: traceOf(sessionId, turn),
    spanId: spanIdOf(sessionId, event.id),
    ...(turn ? { parentSpanId: spanIdOf(sessionId, turn.id) } : {}),
    startTimeUnixNano: nanoseconds(timestamp - lasted),
    endTimeUnixNano: nanoseconds(timestamp),
  };
  if (event.type === 'request_end') {
    const values = attributes({ ...session, ...requestAttributes(data) });
    return { ...own, name: `chat ${String(data.model)}`, kind: CLIENT, attributes: values };
  }
  if (event.type === 'tool_result') {
    const error = data.denied === true ? 'denied' : data.isError === true ? 'tool_error' : undefined;
    const name = String(data.tool);
    const values = attributes({
      ...session,
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': name,
      'gen_ai.tool.type': 'function',
      'error.type': error,
    });
    return { ...own, name: `execute_tool ${name}`, kind: INTERNAL, attributes: values, ...status(error) };
  }
  return turnSpan({ event, turn }, own);
}

function turnSpan(
  { event: { sessionId, id, type, data, timestamp }, turn }: Entry,
  own: Pick<Span, 'traceId' | 'startTimeUnixNano' | 'endTimeUnixNano'>,
): Span {
  const error = type === 'turn_error' ? String(data.code) : undefined;
  const started = turn && turn.timestamp <= timestamp ? nanoseconds(turn.timestamp) : own.startTimeUnixNano;
  return {
    traceId: own.traceId,
    spanId: spanIdOf(sessionId, turn?.id ?? id),
    name: 'invoke_agent victor',
    kind: INTERNAL,
    startTimeUnixNano: started,
    endTimeUnixNano: own.endTimeUnixNano,
    attributes: attributes({
      'gen_ai.conversation.id': sessionId,
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'victor',
      'gen_ai.provider.name': data.provider ?? turn?.data.provider,
      'gen_ai.request.model': data.model ?? turn?.data.model,
      'victor.turn.reason': data.reason,
      'victor.turn.requests': data.providerCalls,
      'victor.turn.total_tokens': data.totalTokens,
      'victor.cost_usd': data.costUsd,
      'error.type': error,
    }),
    ...status(error),
  };
}

/** The conventions count cached tokens as input too; events keep the tiers apart. */
function requestAttributes(data: AnalyticsEvent['data']) {
  const count = (key: string) => (typeof data[key] === 'number' ? data[key] : 0);
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': data.provider,
    'gen_ai.request.model': data.model,
    'gen_ai.usage.input_tokens': count('inputTokens') + count('cacheReadTokens') + count('cacheWriteTokens'),
    'gen_ai.usage.output_tokens': count('outputTokens'),
    'gen_ai.usage.cache_read.input_tokens': count('cacheReadTokens'),
    'gen_ai.usage.cache_creation.input_tokens': count('cacheWriteTokens'),
    'gen_ai.response.finish_reasons': data.stopReason === undefined ? undefined : [String(data.stopReason)],
    'victor.cost_usd': data.costUsd,
  };
}

/** An event without a duration. `log.record.uid` lets a receiver drop what comes again. */
export function logRecordOf({ event, turn }: Entry): LogRecord {
  const { id, sessionId, type, data, timestamp } = event;
  const warning = type === 'request_retry' || type === 'extension_failure';
  const own = Object.entries(data).map(([key, value]) => [`victor.${snakeCase(key)}`, value] as const);
  return {
    timeUnixNano: nanoseconds(timestamp),
    severityNumber: warning ? 13 : 9,
    severityText: warning ? 'WARN' : 'INFO',
    eventName: `victor.${type}`,
    body: { stringValue: `victor.${type}` },
    attributes: attributes({
      ...Object.fromEntries(own),
      'gen_ai.conversation.id': sessionId,
      'log.record.uid': id,
    }),
    traceId: traceOf(sessionId, turn),
    ...(turn ? { spanId: spanIdOf(sessionId, turn.id) } : {}),
  };
}

function traceOf(sessionId: string, turn: AnalyticsEvent | undefined): string {
  return turn ? traceIdOf(sessionId, turn.id) : traceIdOf(sessionId);
}

function status(error: string | undefined): { status?: { code: number } } {
  return error === undefined ? {} : { status: { code: ERROR } };
}

function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
