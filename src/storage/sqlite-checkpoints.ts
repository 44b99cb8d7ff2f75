import type { Checkpoint, CheckpointAction, CheckpointStore, NewCheckpoint } from '../core/checkpoint.js';
import { type PackedContent, packContent, unpackContent } from './packed-content.js';
import type { SqliteConnection } from './sqlite-connection.js';
import { StorageFailure } from './storage-failure.js';

interface CheckpointRow {
  readonly position: number;
  readonly id: string;
  readonly session_id: string;
  readonly action: CheckpointAction;
  readonly turn_id: string;
  readonly path: string;
  readonly before_hash: string | null;
  readonly before_mode: number | null;
  readonly known: number;
  readonly after_hash: string | null;
  readonly after_mode: number | null;
  readonly sealed: number;
  readonly back: number | null;
  readonly log_sequence: number;
  readonly created_at: number;
}

/** The first pre-image of an id stays: a later one could only be of a file that was changed already. */
const insertCheckpoint = `
  INSERT INTO checkpoints (id, session_id, action, turn_id, path, before_hash, before_mode, known, after_hash,
    after_mode, sealed, back, log_sequence, created_at)
  VALUES (:id, :sessionId, :action, :turnId, :path, :beforeHash, :beforeMode, :known, :afterHash, :afterMode, 0, :back,
    (SELECT coalesce(max(sequence), 0) FROM log WHERE session_id = :sessionId), :createdAt)
  ON CONFLICT (id) DO NOTHING`;

const insertContent = `
  INSERT INTO contents (hash, size, stored, parts, deflated)
  SELECT :hash, :size, :stored, :parts, :deflated
  WHERE (SELECT count(*) FROM content_parts WHERE hash = :hash) = :parts
  ON CONFLICT (hash) DO UPDATE SET position = (SELECT max(position) + 1 FROM contents)`;

const insertPart =
  'INSERT INTO content_parts (hash, part, bytes) VALUES (?, ?, ?) ON CONFLICT (hash, part) DO NOTHING';

/** Parts of a content that a process died over before it could refer to it: the first of them comes last. */
const dropStrayParts = `
  DELETE FROM content_parts WHERE hash IN
    (SELECT hash FROM content_parts WHERE part > 0 AND hash NOT IN (SELECT hash FROM contents))`;

const dropOldest = `
  DELETE FROM contents WHERE position = (SELECT min(position) FROM contents)
    AND (SELECT bytes FROM content_total) > ? AND position < (SELECT max(position) FROM contents)`;

/** Times the parts of a content are written anew because another process swept them away as strays. */
const ATTEMPTS = 3;
/** Bytes that the contents of all sessions may take. */
const MOST_CONTENT_BYTES = 512 * 1_024 * 1_024;

export interface SqliteCheckpointsOptions {
  /** Bytes that all contents may take together; 512 MB when absent. */
  readonly mostContentBytes?: number | undefined;
}

/**
 * Changes, and contents by their hash, in the database itself: a change and the content it refers to are one
 * transaction, they go together when a session is deleted, and a backup has both.
 */
export function createSqliteCheckpoints(
  { file, prepare, read, write }: SqliteConnection,
  { mostContentBytes = MOST_CONTENT_BYTES }: SqliteCheckpointsOptions = {},
): CheckpointStore {
  let swept = false;

  function insert(checkpoint: NewCheckpoint): boolean {
    const { before, after, ...rest } = checkpoint;
    const { changes } = prepare(insertCheckpoint).run({
      ...rest,
      beforeHash: before.hash,
      beforeMode: before.mode,
      known: after ? 1 : 0,
      afterHash: after?.hash ?? null,
      afterMode: after?.mode ?? null,
    });
    return changes > 0;
  }

  /** The first part of a content is written with its change; what more there is before it, each part by itself. */
  async function saveWith(checkpoint: NewCheckpoint, hash: string, packed: PackedContent): Promise<boolean> {
    const { size, deflated, parts } = packed;
    const stored = parts.reduce((sum, part) => sum + part.byteLength, 0);
    for (let part = parts.length - 1; part > 0; part -= 1) {
      await write(() => prepare(insertPart).run(hash, part, parts[part]));
    }
    return write(() => {
      prepare(insertPart).run(hash, 0, parts[0]);
      const content = { hash, size, stored, parts: parts.length, deflated: deflated ? 1 : 0 };
      if (prepare(insertContent).run(content).changes === 0) return false;
      insert(checkpoint);
      while (prepare(dropOldest).run(mostContentBytes).changes > 0);
      return true;
    });
  }

  return {
    async saveCheckpoint(checkpoint, content) {
      const { hash } = checkpoint.before;
      if (!swept) await write(() => prepare(dropStrayParts).run());
      swept = true;
      if (hash === null || !content) {
        await write(() => insert(checkpoint));
        return;
      }
      const packed = await packContent(content);
      for (let attempt = 1; !(await saveWith(checkpoint, hash, packed)); attempt += 1) {
        if (attempt === ATTEMPTS) throw new StorageFailure('busy', file);
      }
    },

    async sealCheckpoint(id, after) {
      const sql = 'UPDATE checkpoints SET known = 1, after_hash = ?, after_mode = ?, sealed = 1 WHERE id = ?';
      await write(() => prepare(sql).run(after.hash, after.mode, id));
    },

    async discardCheckpoint(id) {
      await write(() => prepare('DELETE FROM checkpoints WHERE id = ? AND sealed = 0').run(id));
    },

    async listCheckpoints(sessionId) {
      const sql = 'SELECT * FROM checkpoints WHERE session_id = ? ORDER BY position DESC';
      const rows = await read(() => prepare<[string], CheckpointRow>(sql).all(sessionId));
      return rows.map(checkpoint);
    },

    async getCheckpoint(id) {
      const sql = 'SELECT * FROM checkpoints WHERE id = ?';
      const row = await read(() => prepare<[string], CheckpointRow>(sql).get(id));
      return row && checkpoint(row);
    },

    async readContent(hash) {
      const packed = await read(() => {
        const sql = 'SELECT deflated FROM contents WHERE hash = ?';
        const found = prepare<[string], { deflated: number }>(sql).get(hash);
        const select = 'SELECT bytes FROM content_parts WHERE hash = ? ORDER BY part';
        const parts = found ? prepare<[string], { bytes: Buffer }>(select).all(hash) : [];
        return found && { deflated: found.deflated === 1, parts: parts.map(({ bytes }) => bytes) };
      });
      return packed && unpackContent(hash, packed);
    },

    contentBytes: () =>
      read(() => {
        const sql = 'SELECT bytes FROM content_total';
        return prepare<[], { bytes: number }>(sql).get()?.bytes ?? 0;
      }),
  };
}

function checkpoint(row: CheckpointRow): Checkpoint {
  return {
    id: row.id,
    position: row.position,
    sessionId: row.session_id,
    action: row.action,
    turnId: row.turn_id,
    path: row.path,
    before: { hash: row.before_hash, mode: row.before_mode },
    after: row.known === 1 ? { hash: row.after_hash, mode: row.after_mode } : null,
    sealed: row.sealed === 1,
    back: row.back,
    logSequence: row.log_sequence,
    createdAt: row.created_at,
  };
}
