import * as z from 'zod';
import { ConfigError } from '../../core/errors.js';
import type { ImportedSession, LogRecord } from '../../core/store.js';

const text = z.string();
const call = z.object({
  id: text,
  name: text,
  input: z.record(text, z.unknown()),
  invalidInput: text.optional(),
});
const reasoning = z.object({ id: text, encrypted: text, summary: z.array(text), from: text });
const thinking = z.object({
  text,
  signature: text.optional(),
  redacted: z.boolean().optional(),
  after: z.number().optional(),
  item: reasoning.optional(),
});
const image = z.object({ mediaType: text, data: text });

/**
 * No system message: what the system prompt says comes from settings, not from a file that somebody sent. Nor is anything only
 * attached: such a file hides no text of a message.
 */
const message = z.object({
  id: text,
  role: z.enum(['user', 'assistant', 'tool']),
  content: text,
  toolCalls: z.array(call).optional(),
  thinking: z.array(thinking).optional(),
  toolCallId: text.optional(),
  toolName: text.optional(),
  isError: z.boolean().optional(),
  images: z.array(image).optional(),
  summary: z.boolean().optional(),
  partial: z.boolean().optional(),
});

const time = z.iso.datetime();

const entry = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message'), message, timestamp: time }),
  z.object({ type: z.literal('note'), messageId: text, volatile: text, timestamp: time }),
  z.object({ type: z.literal('reset'), timestamp: time }),
  z.object({ type: z.literal('rewind'), id: text, before: text, timestamp: time }),
  z.object({ type: z.literal('lost'), entries: z.number().int().positive(), timestamp: time }),
  z.object({ type: z.literal('compaction'), messages: z.array(message), strategy: text, timestamp: time }),
  z.object({ type: z.literal('failed-turn'), messageIds: z.array(text), error: text, timestamp: time }),
  z.object({ type: z.enum(['workflow-start', 'workflow-step', 'workflow-end']), timestamp: time }),
]);

const session = z.object({
  id: z.string().regex(/^[\w.:@-]{1,128}$/),
  title: z.string().max(1_000),
  cwd: text,
  created_at: time,
  updated_at: time,
  tags: z.array(z.string().max(100)).max(100).default([]),
  log: z.array(entry),
});

/** Reads what `sessions export --format json` wrote. Throws a ConfigError that names the first place that is wrong. */
export function parseSessionFile(content: string, file: string): ImportedSession {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (cause) {
    throw new ConfigError(`${file} is not JSON`, { advice: exportAdvice, cause });
  }
  const parsed = session.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue?.path.length ? ` at ${issue.path.join('.')}` : '';
    throw new ConfigError(`${file} is not an exported session: ${issue?.message}${place}`, {
      advice: exportAdvice,
    });
  }
  const { created_at, updated_at, log, ...rest } = parsed.data;
  return {
    ...rest,
    createdAt: Date.parse(created_at),
    updatedAt: Date.parse(updated_at),
    // How far a workflow got elsewhere says nothing about what was done here.
    log: log
      .filter(({ type }) => !type.startsWith('workflow-'))
      .map(({ timestamp, ...record }) => ({
        entry: record as LogRecord,
        timestamp: Date.parse(timestamp),
      })),
  };
}

const exportAdvice = 'victor sessions export ID --format json writes one.';
