/**
 * Version 6: what coordinators decided, in batches of JSON. `part` counts the batches of a session, and `entry` is the last
 * entry of its log before. The columns stand in an order that no other table has, so that a row found on a damaged page is
 * not taken for one of another.
 */
export const schemaDecisions = `
  CREATE TABLE decisions (
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    turn_id    TEXT,
    part       INTEGER NOT NULL,
    entry      INTEGER NOT NULL,
    payload    TEXT NOT NULL,
    PRIMARY KEY (session_id, part)
  ) STRICT;
`;
