/**
 * Version 2: what sessions are found by, and where a resume begins to read.
 *
 * `sessions.entries` is the sequence of the last entry of its log and `sessions.indexed` the last one that full-text search
 * knows, so that nothing acknowledged is ever missed: whoever searches indexes the rest first. A session of version 1
 * begins with nothing indexed. `sessions.context_start` is the last reset or compaction: the context is a fold from there.
 *
 * `message_words` keeps words and no text. Its rowid is `number << 32 | sequence << 8 | part` of `sessions.number`, because
 * VACUUM may renumber the rows of a table without an integer key. `session_holders` has no foreign key: a session is
 * taken before it is made.
 */
export const schemaVersion2 = `
  ALTER TABLE sessions ADD COLUMN number INTEGER;
  ALTER TABLE sessions ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE sessions ADD COLUMN forked_from TEXT;
  ALTER TABLE sessions ADD COLUMN entries INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE sessions ADD COLUMN indexed INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE sessions ADD COLUMN context_start INTEGER NOT NULL DEFAULT 0;
  UPDATE sessions SET number = rowid,
    entries = (SELECT coalesce(max(sequence), 0) FROM log WHERE session_id = id),
    context_start = (SELECT coalesce(max(sequence), 0) FROM log
      WHERE session_id = id AND type IN ('reset', 'compaction'));
  CREATE UNIQUE INDEX sessions_by_number ON sessions (number);
  CREATE INDEX sessions_to_index ON sessions (number) WHERE indexed < entries;
  CREATE INDEX log_notes ON log (session_id, sequence) WHERE type = 'note';

  CREATE VIRTUAL TABLE message_words USING fts5 (text, content = '', contentless_delete = 1, tokenize = 'ascii');

  CREATE TABLE session_holders (
    session_id TEXT NOT NULL PRIMARY KEY,
    token      TEXT NOT NULL,
    host       TEXT NOT NULL,
    pid        INTEGER NOT NULL,
    started    TEXT NOT NULL,
    taken_at   INTEGER NOT NULL,
    renewed_at INTEGER NOT NULL
  ) STRICT;
`;
