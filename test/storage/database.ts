import Sqlite from 'better-sqlite3';

/** Looks into or changes a database file from outside, as another program would. */
export function withDatabase<T>(file: string, action: (database: Sqlite.Database) => T): T {
  const database = new Sqlite(file);
  try {
    return action(database);
  } finally {
    database.close();
  }
}

/** The numbers that the messages of a session begin with, after checking the file and the sequence. */
export function storedNumbers(file: string, session: string): number[] {
  return withDatabase(file, (database) => {
    const integrity = database.pragma('integrity_check', { simple: true });
    const rows = database
      .prepare<[string], { sequence: number; payload: string }>(
        'SELECT sequence, payload FROM log WHERE session_id = ? ORDER BY sequence',
      )
      .all(session);
    if (integrity !== 'ok') throw new Error(`integrity_check: ${integrity}`);
    rows.forEach((row, index) => {
      if (row.sequence !== index + 1) throw new Error(`sequence ${row.sequence} at place ${index + 1}`);
    });
    return rows.map((row) => Number.parseInt(JSON.parse(row.payload).message.content, 10));
  });
}
