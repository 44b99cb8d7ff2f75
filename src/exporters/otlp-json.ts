import { createHash } from 'node:crypto';

/** OTLP/HTTP's JSON: lower camel case, ids in hex, 64-bit numbers as text, enumerations as numbers. */
export interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}

type AnyValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly arrayValue: { readonly values: readonly AnyValue[] } };

type Plain = string | number | boolean | readonly string[] | null | undefined;

/** Values that are absent, `null` or no finite number are left out. */
export function attributes(values: Readonly<Record<string, Plain>>): KeyValue[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const encoded = anyValue(value);
    return encoded ? [{ key, value: encoded }] : [];
  });
}

function anyValue(value: Plain): AnyValue | undefined {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return { intValue: String(value) };
    return Number.isFinite(value) ? { doubleValue: value } : undefined;
  }
  return value ? { arrayValue: { values: value.map((one) => ({ stringValue: one })) } } : undefined;
}

/** 16 bytes in hex, the same for the same parts. */
export function traceIdOf(...parts: readonly string[]): string {
  return hash('trace', parts).slice(0, 32);
}

/** 8 bytes in hex, the same for the same parts. */
export function spanIdOf(...parts: readonly string[]): string {
  return hash('span', parts).slice(0, 16);
}

function hash(purpose: string, parts: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([purpose, ...parts]))
    .digest('hex');
}

/** Milliseconds since 1970 as OTLP has it: nanoseconds, as text. */
export function nanoseconds(milliseconds: number): string {
  const whole = Number.isFinite(milliseconds) && milliseconds > 0 ? Math.round(milliseconds) : 0;
  return `${BigInt(whole) * 1_000_000n}`;
}
