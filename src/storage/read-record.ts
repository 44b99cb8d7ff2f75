import type { LogRecord } from '../core/store.js';

const isText = (value: unknown) => typeof value === 'string';
const isMessage = (value: unknown) => {
  const { role, content, toolCalls } = (value ?? {}) as Record<string, unknown>;
  return isText(role) && isText(content) && (toolCalls === undefined || Array.isArray(toolCalls));
};

/** What a resume takes from each kind of entry; one that lacks it was damaged. */
const isWhole: Readonly<Record<LogRecord['type'], (record: Record<string, unknown>) => boolean>> = {
  message: ({ message }) => isMessage(message),
  note: ({ messageId, volatile }) => isText(messageId) && isText(volatile),
  reset: () => true,
  rewind: ({ id, before }) => isText(id) && isText(before),
  compaction: ({ messages }) => Array.isArray(messages) && messages.every(isMessage),
  'failed-turn': ({ messageIds }) => Array.isArray(messageIds),
  'workflow-start': ({ runId, workflow, definition }) => [runId, workflow, definition].every(isText),
  'workflow-step': ({ runId, name, status }) => [runId, name, status].every(isText),
  'workflow-end': ({ runId, outcome }) => isText(runId) && isText(outcome),
  lost: ({ entries }) => typeof entries === 'number',
};

/** The entry that was stored as this JSON; `undefined` for what is no entry, because bytes of it changed on the disk. */
export function readRecord(payload: string): LogRecord | undefined {
  try {
    const record = JSON.parse(payload) as Record<string, unknown> | null;
    const type = record?.type as LogRecord['type'];
    return record && Object.hasOwn(isWhole, type) && isWhole[type](record)
      ? (record as unknown as LogRecord)
      : undefined;
  } catch {
    return undefined;
  }
}
