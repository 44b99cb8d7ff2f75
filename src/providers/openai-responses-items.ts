import type { Thinking } from '../core/message.js';
import type { Usage } from '../core/usage.js';
import { asFields, type Fields } from './fields.js';
import { includedUsage } from './included-usage.js';
import { reportedCount } from './reported-count.js';
import { ReportedError } from './reported-error.js';

/** Without its encrypted form it cannot be sent back, and is only shown. */
export function reasoning(content: Fields, after: number, from: string): Thinking {
  const parts = Array.isArray(content.summary)
    ? content.summary.map((part) => asText(asFields(part).text))
    : [];
  const text = parts.join('\n\n');
  const [id, encrypted] = [asText(content.id), asText(content.encrypted_content)];
  if (id === '' || encrypted === '') return { text };
  return { text, ...(after > 0 ? { after } : {}), item: { id, encrypted, summary: parts, from } };
}

/** The text of a message item as a whole. */
export function messageText(content: Fields): string {
  const parts = Array.isArray(content.content) ? content.content.map(asFields) : [];
  return parts.map((part) => asText(part.text) || asText(part.refusal)).join('');
}

/** Nothing unless both sides of the call were counted. */
export function usageOf(value: unknown): Usage | undefined {
  const counts = asFields(value);
  const input = reportedCount(counts.input_tokens);
  const output = reportedCount(counts.output_tokens);
  if (input === undefined || output === undefined) return undefined;
  const details = asFields(counts.input_tokens_details);
  return includedUsage({
    input,
    output,
    read: reportedCount(details.cached_tokens) ?? 0,
    written: reportedCount(details.cache_write_tokens) ?? 0,
    reasoning: reportedCount(asFields(counts.output_tokens_details).reasoning_tokens) ?? 0,
  });
}

export function failure({ code, message }: Fields, otherwise: string): ReportedError {
  return new ReportedError({ code, message: message ?? otherwise });
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
