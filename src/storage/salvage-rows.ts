import type { Value } from './damaged-pages.js';
import { readRecord } from './read-record.js';
import type { SqliteConnection } from './sqlite-connection.js';

type Kind = 'text' | 'number' | 'blob' | 'key' | 'number?' | 'text?' | 'blob?';

interface Shape {
  readonly kinds: readonly Kind[];
  readonly insert: string;
}

/** A row is known by what its columns hold; later versions add columns at the end. */
const shapes: readonly Shape[] = [
  {
    kinds: ['text', 'text', 'text', 'number', 'number', 'number', 'number'],
    insert: `
      INSERT INTO sessions (id, title, cwd, created_at, updated_at, message_count, activity) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET title = excluded.title, updated_at = excluded.updated_at,
        message_count = excluded.message_count, activity = excluded.activity
      WHERE excluded.activity > activity`,
  },
  {
    kinds: ['text', 'number', 'text', 'text', 'number'],
    insert: `
      INSERT OR IGNORE INTO log (session_id, sequence, type, payload, created_at) VALUES (?, ?, ?, ?, ?)`,
  },
  {
    kinds: ['key', 'text', 'text', 'text', 'text', 'number'],
    insert: `
      INSERT OR IGNORE INTO analytics_events (id, session_id, type, data, timestamp) VALUES (?, ?, ?, ?, ?)`,
  },
  {
    kinds: [
      ...(['key', 'text', 'text', 'text', 'text', 'text', 'text?', 'number?', 'number'] as const),
      ...(['text?', 'number?', 'number', 'number?', 'number', 'number'] as const),
    ],
    insert: `
      INSERT OR IGNORE INTO checkpoints (id, session_id, action, turn_id, path, before_hash, before_mode, known,
        after_hash, after_mode, sealed, back, log_sequence, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  },
  {
    kinds: ['key', 'text', 'number', 'number', 'number', 'number'],
    insert: 'INSERT OR IGNORE INTO contents (hash, size, stored, parts, deflated) VALUES (?, ?, ?, ?, ?)',
  },
  {
    kinds: ['text', 'number', 'blob'],
    insert: 'INSERT OR IGNORE INTO content_parts (hash, part, bytes) VALUES (?, ?, ?)',
  },
];

/** Stores a row that was found on a page and has no table any more, if it can only be from one of ours. */
export function insertKnownRow(row: readonly Value[], target: SqliteConnection): void {
  for (const { kinds, insert } of shapes) {
    if (row.length < kinds.length || !kinds.every((kind, index) => isKind(row[index]!, kind))) continue;
    const values = row.slice(0, kinds.length).filter((_, index) => kinds[index] !== 'key');
    if (kinds.length === 5 && !isLogRow(values)) continue;
    try {
      target.prepare(insert).run(...values);
    } catch {
      // It only looked like one.
    }
    return;
  }
}

/** An entry that is not whole leaves a gap in the numbers, which tells that it was there. */
function isLogRow([, sequence, , payload]: readonly Value[]): boolean {
  return Number(sequence) > 0 && readRecord(String(payload)) !== undefined;
}

function isKind(value: Value, kind: Kind): boolean {
  if (kind === 'key') return value === null;
  if (kind.endsWith('?') && value === null) return true;
  if (kind.startsWith('text')) return typeof value === 'string';
  if (kind.startsWith('number')) return Number.isInteger(value);
  return Buffer.isBuffer(value);
}
