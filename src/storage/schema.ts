/** Marks the file as Victor's (`file` and other tools show it): the letters `VICT`. */
export const applicationId = 0x56494354;

/**
 * Version 1. `log.sequence` orders a session and `sessions.activity` orders the list, because clocks go backwards.
 * Analytics and checkpoints name sessions without a foreign key: what a session cost outlives the session, and a
 * pre-image must never be refused.
 */
export const schemaVersion1 = `
  CREATE TABLE sessions (
    id            TEXT NOT NULL PRIMARY KEY,
    title         TEXT NOT NULL DEFAULT '',
    cwd           TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    message_count INTEGER NOT NULL DEFAULT 0,
    activity      INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX sessions_by_activity ON sessions (activity);

  CREATE TABLE log (
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    sequence   INTEGER NOT NULL,
    type       TEXT NOT NULL,
    payload    TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (session_id, sequence)
  ) STRICT;

  CREATE TABLE analytics_events (
    position   INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    session_id TEXT NOT NULL,
    type       TEXT NOT NULL,
    data       TEXT NOT NULL,
    timestamp  INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX analytics_by_session ON analytics_events (session_id);
  CREATE INDEX analytics_usage ON analytics_events (timestamp) WHERE type IN ('request_end', 'turn_end');

  CREATE TABLE checkpoints (
    position   INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    session_id TEXT NOT NULL,
    turn_id    TEXT NOT NULL,
    path       TEXT NOT NULL,
    before     BLOB,
    mode       INTEGER,
    after_hash TEXT,
    created_at INTEGER NOT NULL,
    restored   INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX checkpoints_by_session ON checkpoints (session_id);
`;
