import type { Checkpoint, CheckpointStore } from '../core/store.js';
import type { SqliteConnection } from './sqlite-connection.js';

type CheckpointRow = Omit<Checkpoint, 'restored'> & { readonly restored: number };

/** The first pre-image of an id stays: a later one could only be of a file that was changed already. */
const insertCheckpoint = `
  INSERT INTO checkpoints (id, session_id, turn_id, path, before, mode, after_hash, created_at, restored)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO NOTHING`;

const select = `
  SELECT id, session_id AS sessionId, turn_id AS turnId, path, before, mode, after_hash AS afterHash,
    created_at AS createdAt, restored
  FROM checkpoints`;

export function createSqliteCheckpoints({ prepare, read, write }: SqliteConnection): CheckpointStore {
  return {
    async saveCheckpoint(checkpoint) {
      const { id, sessionId, turnId, path, before, mode, afterHash, createdAt, restored } = checkpoint;
      await write(() =>
        prepare(insertCheckpoint).run(
          id,
          sessionId,
          turnId,
          path,
          before,
          mode,
          afterHash,
          createdAt,
          restored ? 1 : 0,
        ),
      );
    },

    async sealCheckpoint(id, afterHash) {
      await write(() => prepare('UPDATE checkpoints SET after_hash = ? WHERE id = ?').run(afterHash, id));
    },

    async listCheckpoints(sessionId) {
      const sql = `${select} WHERE session_id = ? ORDER BY position DESC`;
      const rows = await read(() => prepare<[string], CheckpointRow>(sql).all(sessionId));
      return rows.map(checkpoint);
    },

    async getCheckpoint(id) {
      const row = await read(() => prepare<[string], CheckpointRow>(`${select} WHERE id = ?`).get(id));
      return row && checkpoint(row);
    },

    async markRestored(id) {
      await write(() => prepare('UPDATE checkpoints SET restored = 1 WHERE id = ?').run(id));
    },
  };
}

function checkpoint(row: CheckpointRow): Checkpoint {
  return { ...row, before: row.before && new Uint8Array(row.before), restored: row.restored === 1 };
}
