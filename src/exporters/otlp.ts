import * as z from 'zod';
import type { AnalyticsEvent, AnalyticsExporter, ExportResult } from '../core/extension.js';
import { exporterId } from '../delivery/exporter-id.js';
import type { Refused } from '../http/internal-address.js';
import { checkOptions } from './check-options.js';
import type { Environment } from './environment-variables.js';
import { exportInBatches, type Rejection } from './export-result.js';
import { below, checkWorkspaceAddress, deliver, httpAddress, httpOptions, reach } from './http-delivery.js';
import { attributes } from './otlp-json.js';
import { type Entry, isSpan, logRecordOf, spanOf, type Turns, withTurns } from './otlp-records.js';

export const optionsSchema = z.strictObject({
  /** Address of the collector; `/v1/traces` and `/v1/logs` are added to it. */
  endpoint: httpAddress,
  /** For collectors that take only one of the two; what the other would carry is left out. */
  signals: z
    .array(z.enum(['traces', 'logs']))
    .min(1, 'expected traces, logs or both')
    .refine((signals) => new Set(signals).size === signals.length, 'one of them stands there twice')
    .default(['traces', 'logs']),
  /** The resource attribute `service.name`. */
  serviceName: z.string().min(1, 'expected a name').default('victor'),
  ...httpOptions,
});

export type OtlpExporterOptions = z.input<typeof optionsSchema>;

type Signal = 'traces' | 'logs';

/** Spans or log records one request carries at most. */
const BATCH_SIZE = 500;

/**
 * Sends events over OTLP/HTTP as JSON: turns, requests and tool calls as spans with the `gen_ai.*` names, what has no
 * duration as log records. What a collector takes and rejects in part is not sent again, as the protocol asks.
 */
export function createOtlpExporter(
  given: OtlpExporterOptions,
  environment: Environment = process.env,
  { refused }: { readonly refused?: Refused } = {},
): AnalyticsExporter {
  const options = checkOptions('otlp', optionsSchema, given);
  checkWorkspaceAddress('otlp', options.endpoint, refused);
  const { headers, timeoutMs } = options;
  const resource = { attributes: attributes({ 'service.name': options.serviceName }) };
  const closing = new AbortController();
  let turns: Turns = new Map();
  let exporting: Promise<unknown> = Promise.resolve();

  async function send(signal: Signal, entries: readonly Entry[]): Promise<Rejection | undefined> {
    const reply = await deliver({
      url: below(options.endpoint, `v1/${signal}`),
      headers,
      ownHeaders: { 'content-type': 'application/json' },
      environment,
      body: JSON.stringify(bodies[signal](resource, entries)),
      timeoutMs,
      signal: closing.signal,
      refused,
    });
    return rejectionIn(reply.body);
  }

  async function exportNow(events: readonly AnalyticsEvent[]): Promise<ExportResult> {
    const { entries, running } = withTurns(turns, events);
    const results: ExportResult[] = [];
    for (const signal of options.signals) {
      const carried = entries.filter(({ event }) => isSpan(event) === (signal === 'traces'));
      const result = await exportInBatches(carried, BATCH_SIZE, (batch) => send(signal, batch));
      results.push(result);
      if (!result.success) return sum(results);
    }
    turns = running;
    return sum(results);
  }

  return {
    name: 'otlp',
    id: exporterId('otlp', [options.endpoint, options.signals]),
    export(events) {
      // One after the other, because a turn may begin in one call and end in the next.
      const result = exporting.then(() => exportNow(events));
      exporting = result;
      return result;
    },
    check: () => reach(options.endpoint),
    close: () => closing.abort(),
  };
}

const scope = { name: 'victor' };

const bodies: Record<Signal, (resource: object, entries: readonly Entry[]) => object> = {
  traces: (resource, entries) => ({
    resourceSpans: [{ resource, scopeSpans: [{ scope, spans: entries.map(spanOf) }] }],
  }),
  logs: (resource, entries) => ({
    resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: entries.map(logRecordOf) }] }],
  }),
};

/** What the collector took and threw away; its answer is `{}` or empty when that is nothing. */
function rejectionIn(body: string): Rejection | undefined {
  const result = partialAnswer.safeParse(parsed(body));
  if (!result.success) return undefined;
  const { rejectedSpans, rejectedLogRecords, errorMessage } = result.data.partialSuccess;
  const count = Number(rejectedSpans ?? rejectedLogRecords ?? 0);
  return count > 0 ? { count, reason: errorMessage.replace(/\s+/g, ' ').slice(0, 200) } : undefined;
}

const int64 = z.union([z.int(), z.string().regex(/^\d{1,15}$/)]).optional();
const partialAnswer = z.object({
  partialSuccess: z.object({
    rejectedSpans: int64,
    rejectedLogRecords: int64,
    errorMessage: z.string().default('the collector gives no reason'),
  }),
});

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function sum(results: readonly ExportResult[]): ExportResult {
  const errors = results.flatMap(({ error }) => error ?? []);
  const rejectedCount = results.reduce((total, result) => total + (result.rejectedCount ?? 0), 0);
  const { refusal, retryAfterMs } = results.at(-1) ?? {};
  return {
    success: results.every(({ success }) => success),
    exportedCount: results.reduce((total, { exportedCount }) => total + exportedCount, 0),
    ...(errors.length > 0 ? { error: errors.join('; ') } : {}),
    ...(rejectedCount > 0 ? { rejectedCount } : {}),
    ...(refusal === undefined ? {} : { refusal }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}
