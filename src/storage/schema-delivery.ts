/**
 * What waits for each exporter: references to events in the order of their positions, and counts that the triggers keep
 * whatever inserts or deletes. A queue for each exporter, not one position in all events, because projects share a
 * database and not their exporters. `claimed_through` is the last event that is on its way.
 */
export const schemaDelivery = `
  CREATE TABLE exporters (
    id              TEXT NOT NULL PRIMARY KEY,
    name            TEXT NOT NULL,
    waiting         INTEGER NOT NULL DEFAULT 0,
    waiting_bytes   INTEGER NOT NULL DEFAULT 0,
    sent            INTEGER NOT NULL DEFAULT 0,
    dropped         INTEGER NOT NULL DEFAULT 0,
    quarantined     INTEGER NOT NULL DEFAULT 0,
    failures        INTEGER NOT NULL DEFAULT 0,
    retry_at        INTEGER,
    last_error      TEXT,
    lease_holder    TEXT,
    lease_until     INTEGER,
    claimed_through INTEGER
  ) STRICT;

  CREATE TABLE waiting_events (
    exporter_id TEXT NOT NULL REFERENCES exporters (id) ON DELETE CASCADE,
    position    INTEGER NOT NULL REFERENCES analytics_events (position) ON DELETE CASCADE,
    bytes       INTEGER NOT NULL,
    PRIMARY KEY (exporter_id, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TRIGGER waiting_event_added AFTER INSERT ON waiting_events BEGIN
    UPDATE exporters SET waiting = waiting + 1, waiting_bytes = waiting_bytes + new.bytes WHERE id = new.exporter_id;
  END;
  CREATE TRIGGER waiting_event_gone AFTER DELETE ON waiting_events BEGIN
    UPDATE exporters SET waiting = waiting - 1, waiting_bytes = waiting_bytes - old.bytes WHERE id = old.exporter_id;
  END;

  CREATE TABLE quarantined_batches (
    position    INTEGER PRIMARY KEY AUTOINCREMENT,
    exporter_id TEXT NOT NULL REFERENCES exporters (id) ON DELETE CASCADE,
    event_ids   TEXT NOT NULL,
    reason      TEXT NOT NULL,
    created_at  INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX quarantined_by_exporter ON quarantined_batches (exporter_id);
`;
