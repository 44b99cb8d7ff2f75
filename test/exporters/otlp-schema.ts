import * as z from 'zod';

/**
 * What a collector takes over OTLP/HTTP as JSON, by the protocol's own definition (opentelemetry-proto 1.x): lower camel
 * case, ids in hex, 64-bit numbers as text, enumerations as numbers. Strict: a field too many is an error.
 */
const uint64 = z.string().regex(/^\d{1,20}$/);
const nanoseconds = uint64.refine((text) => BigInt(text) > 10n ** 18n, 'expected nanoseconds since 1970');
const traceId = z.string().regex(/^(?!0{32})[0-9a-f]{32}$/);
const spanId = z.string().regex(/^(?!0{16})[0-9a-f]{16}$/);

const scalar = z.union([
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ boolValue: z.boolean() }),
  z.strictObject({ intValue: z.string().regex(/^-?\d{1,19}$/) }),
  z.strictObject({ doubleValue: z.number() }),
]);
const anyValue = z.union([
  scalar,
  z.strictObject({ arrayValue: z.strictObject({ values: z.array(scalar) }) }),
]);
const attributes = z
  .array(z.strictObject({ key: z.string().min(1), value: anyValue }))
  .refine((all) => new Set(all.map(({ key }) => key)).size === all.length, 'a key stands there twice');
const resource = z.strictObject({ attributes });
const scope = z.strictObject({ name: z.string().min(1) });

const span = z
  .strictObject({
    traceId,
    spanId,
    parentSpanId: spanId.optional(),
    name: z.string().min(1),
    kind: z.int().min(1).max(5),
    startTimeUnixNano: nanoseconds,
    endTimeUnixNano: nanoseconds,
    attributes,
    status: z.strictObject({ code: z.int().min(0).max(2) }).optional(),
  })
  .refine((one) => BigInt(one.startTimeUnixNano) <= BigInt(one.endTimeUnixNano), 'it ends before it starts')
  .refine((one) => one.parentSpanId !== one.spanId, 'it is its own parent');

const logRecord = z.strictObject({
  timeUnixNano: nanoseconds,
  severityNumber: z.int().min(1).max(24),
  severityText: z.string(),
  eventName: z.string().min(1),
  body: anyValue,
  attributes,
  traceId,
  spanId: spanId.optional(),
});

export const tracesRequest = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({
      resource,
      scopeSpans: z.array(z.strictObject({ scope, spans: z.array(span).min(1) })),
    }),
  ),
});

export const logsRequest = z.strictObject({
  resourceLogs: z.array(
    z.strictObject({
      resource,
      scopeLogs: z.array(z.strictObject({ scope, logRecords: z.array(logRecord).min(1) })),
    }),
  ),
});

export type WireSpan = z.infer<typeof span>;
export type WireLogRecord = z.infer<typeof logRecord>;

/** Attributes as plain values; whole numbers become numbers. */
export function plain(all: z.infer<typeof attributes>): Record<string, unknown> {
  return Object.fromEntries(all.map(({ key, value }) => [key, plainValue(value)]));
}

function plainValue(value: z.infer<typeof anyValue>): unknown {
  if ('intValue' in value) return Number(value.intValue);
  if ('arrayValue' in value) return value.arrayValue.values.map(plainValue);
  return Object.values(value)[0];
}
