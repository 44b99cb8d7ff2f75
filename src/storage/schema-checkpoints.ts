import { createHash } from 'node:crypto';
import type { SqliteConnection } from './sqlite-connection.js';

/**
 * Changes of files and the contents before them. A content is found by its SHA-256 and kept once, in parts, so that no
 * write takes long; it goes with the last change that refers to it, whoever deletes that. What `before_hash` names may be
 * gone all the same: contents are bounded, and `content_total` is what they take, so that nobody has to count.
 */
export const checkpointsSchema = `
  ALTER TABLE checkpoints RENAME TO checkpoints_of_version_1;
  DROP INDEX checkpoints_by_session;

  CREATE TABLE contents (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    hash     TEXT NOT NULL UNIQUE,
    size     INTEGER NOT NULL,
    stored   INTEGER NOT NULL,
    parts    INTEGER NOT NULL,
    deflated INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE content_parts (
    hash  TEXT NOT NULL,
    part  INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (hash, part)
  ) STRICT;
  CREATE INDEX parts_of_large_contents ON content_parts (hash) WHERE part > 0;

  CREATE TABLE content_total (bytes INTEGER NOT NULL) STRICT;
  INSERT INTO content_total VALUES (0);

  CREATE TABLE checkpoints (
    position     INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT NOT NULL UNIQUE,
    session_id   TEXT NOT NULL,
    action       TEXT NOT NULL,
    turn_id      TEXT NOT NULL,
    path         TEXT NOT NULL,
    before_hash  TEXT,
    before_mode  INTEGER,
    known        INTEGER NOT NULL,
    after_hash   TEXT,
    after_mode   INTEGER,
    sealed       INTEGER NOT NULL,
    back         INTEGER,
    log_sequence INTEGER NOT NULL,
    created_at   INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX checkpoints_by_session ON checkpoints (session_id);
  CREATE INDEX checkpoints_by_content ON checkpoints (before_hash);

  CREATE TRIGGER checkpoint_gone AFTER DELETE ON checkpoints WHEN OLD.before_hash IS NOT NULL BEGIN
    DELETE FROM contents WHERE hash = OLD.before_hash
      AND NOT EXISTS (SELECT 1 FROM checkpoints WHERE before_hash = OLD.before_hash);
  END;
  CREATE TRIGGER session_gone AFTER DELETE ON sessions BEGIN
    DELETE FROM checkpoints WHERE session_id = OLD.id;
  END;
  CREATE TRIGGER content_kept AFTER INSERT ON contents BEGIN
    UPDATE content_total SET bytes = bytes + NEW.stored;
  END;
  CREATE TRIGGER content_gone AFTER DELETE ON contents BEGIN
    UPDATE content_total SET bytes = bytes - OLD.stored;
    DELETE FROM content_parts WHERE hash = OLD.hash;
  END;
`;

interface OldCheckpoint {
  readonly position: number;
  readonly id: string;
  readonly session_id: string;
  readonly turn_id: string;
  readonly path: string;
  readonly mode: number | null;
  readonly after_hash: string | null;
  readonly created_at: number;
  readonly restored: number;
}

/** A change of version 1 that was undone later: its place now, and what it went from and to. */
interface Undone {
  readonly old: OldCheckpoint;
  readonly position: number | bigint;
  readonly before: string | null;
}

const insert = `
  INSERT INTO checkpoints (id, session_id, action, turn_id, path, before_hash, before_mode, known, after_hash, after_mode,
    sealed, back, log_sequence, created_at)
  VALUES (:id, :session_id, :action, :turn_id, :path, :before, :before_mode, :known, :after, :after_mode, :known, :back,
    (SELECT coalesce(max(sequence), 0) FROM log WHERE session_id = :session_id AND created_at <= :created_at), :created_at)`;

/**
 * Carries the changes of version 1 over: SQL alone cannot tell a content's hash. What was undone is a change back now, in
 * its place before whatever came next; what that replaced was not kept then.
 */
export function carryCheckpointsOver({ prepare, execute }: SqliteConnection): void {
  const undone = new Map<string, Undone[]>();
  const pathOf = ({ session_id, path }: OldCheckpoint) => `${session_id}\0${path}`;
  const back = ({ old, position, before }: Undone) => {
    const made = {
      action: 'undo',
      id: `${old.id}:undo`,
      turn_id: `${old.id}:undo`,
      known: 1,
      back: position,
    };
    const states = { before: old.after_hash, before_mode: old.mode, after: before, after_mode: old.mode };
    prepare(insert).run({ ...old, ...made, ...states });
  };
  const columns = 'position, id, session_id, turn_id, path, mode, after_hash, created_at, restored';
  const list = prepare<[], OldCheckpoint>(
    `SELECT ${columns} FROM checkpoints_of_version_1 ORDER BY position`,
  ).all();
  for (const old of list) {
    const before = carryContentOver(prepare, old.position);
    const pending = undone.get(pathOf(old)) ?? [];
    while (pending.length > 0 && pending.at(-1)?.old.after_hash !== before) back(pending.pop()!);
    const known = old.after_hash === null ? 0 : 1;
    const states = {
      before,
      before_mode: old.mode,
      after: old.after_hash,
      after_mode: known ? old.mode : null,
    };
    const position = prepare(insert).run({
      ...old,
      ...states,
      action: 'edit',
      known,
      back: null,
    }).lastInsertRowid;
    if (old.restored && known) undone.set(pathOf(old), [...pending, { old, position, before }]);
  }
  for (const pending of undone.values()) for (const one of pending.reverse()) back(one);
  execute('DROP TABLE checkpoints_of_version_1');
}

/** The hash of what a change of version 1 kept; `null` when there was no file. */
function carryContentOver(prepare: SqliteConnection['prepare'], position: number): string | null {
  const select = 'SELECT before FROM checkpoints_of_version_1 WHERE position = ?';
  const before = prepare<[number], { before: Buffer | null }>(select).get(position)?.before;
  if (!before) return null;
  const hash = createHash('sha256').update(before).digest('hex');
  const size = before.byteLength;
  const { changes } = prepare(
    'INSERT INTO contents (hash, size, stored, parts, deflated) VALUES (?, ?, ?, 1, 0) ON CONFLICT (hash) DO NOTHING',
  ).run(hash, size, size);
  if (changes > 0) prepare('INSERT INTO content_parts VALUES (?, 0, ?)').run(hash, before);
  return hash;
}
