import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SqliteConnection } from './sqlite-connection.js';

/** Rows a transaction: each is short, so that a screen lives meanwhile. */
const BATCH = 100;

type Row = readonly unknown[];

/** Copies every row that SQLite can read out of the damaged database into the tables of the fresh one. */
export async function copyTables(source: SqliteConnection, target: SqliteConnection): Promise<void> {
  for (const table of tablesOf(target)) {
    const known = columnsOf(target, table);
    const columns = columnsOf(source, table).filter((name) => known.includes(name));
    if (columns.length === 0) continue;
    const list = columns.map(quoted).join(', ');
    const insert = insertInto(table, columns);
    let last = Number.NEGATIVE_INFINITY;
    for (const order of ['ASC', 'DESC']) {
      const select = `SELECT rowid, ${list} FROM ${quoted(table)} NOT INDEXED ORDER BY rowid ${order}`;
      for await (const rows of batches(source, select)) {
        // The way back ends where the way there did.
        const fresh = order === 'ASC' ? rows : rows.filter(([rowid]) => Number(rowid) > last);
        await target.write(() => {
          for (const [, ...values] of fresh) insertOne(target, insert, values);
        });
        if (order === 'ASC') last = Number(rows.at(-1)![0]);
        else if (fresh.length < rows.length) break;
      }
    }
  }
}

export interface TableRows {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** Everything that is stored about these sessions. */
export function rowsOfSessions(source: SqliteConnection, ids: readonly string[]): TableRows[] {
  return tablesOf(source).flatMap((table) => {
    const columns = columnsOf(source, table);
    const key = table === 'sessions' ? 'id' : 'session_id';
    if (!columns.includes(key)) return [];
    // A number that only this table counts may be another row's by now.
    const copied = columns.filter((name) => name !== 'position' && name !== 'number');
    const sql = `
      SELECT ${copied.map(quoted).join(', ')} FROM ${quoted(table)}
      WHERE ${key} IN (SELECT value FROM json_each(?)) ORDER BY rowid`;
    return [
      { table, columns: copied, rows: source.prepare<[string], Row>(sql).raw().all(JSON.stringify(ids)) },
      ...(table === 'checkpoints' ? contentsOf(source, ids) : []),
    ];
  });
}

/** What the files that these sessions changed were before. */
function contentsOf(source: SqliteConnection, ids: readonly string[]): TableRows[] {
  return ['contents', 'content_parts'].map((table) => {
    const columns = columnsOf(source, table).filter((name) => name !== 'position');
    const sql = `
      SELECT ${columns.map(quoted).join(', ')} FROM ${quoted(table)} WHERE hash IN (
        SELECT before_hash FROM checkpoints WHERE session_id IN (SELECT value FROM json_each(?)))`;
    return { table, columns, rows: source.prepare<[string], Row>(sql).raw().all(JSON.stringify(ids)) };
  });
}

/** Stores rows that are not there yet, the sessions before what belongs to them. */
export function insertRows(target: SqliteConnection, tables: readonly TableRows[]): Promise<void> {
  const ordered = [...tables].sort((a, b) => Number(b.table === 'sessions') - Number(a.table === 'sessions'));
  return target.write(() => {
    for (const { table, columns, rows } of ordered) {
      for (const values of rows) insertOne(target, insertInto(table, columns), values);
    }
    settleNumbers(target);
  });
}

/** What sessions say of their logs, as these are now. The words of search are made again when they are needed. */
export function settleNumbers({ prepare }: SqliteConnection): void {
  prepare(`
    UPDATE sessions SET number = (SELECT coalesce(max(number), 0) FROM sessions) + rowid WHERE number IS NULL`).run();
  prepare(`
    UPDATE sessions SET indexed = min(indexed, last), entries = last,
      context_start = CASE WHEN rewind > start THEN 0 ELSE start END
    FROM (
      SELECT session_id, max(sequence) AS last,
        coalesce(max(sequence) FILTER (WHERE type IN ('reset', 'compaction')), 0) AS start,
        coalesce(max(sequence) FILTER (WHERE type = 'rewind'), 0) AS rewind
      FROM log GROUP BY session_id) WHERE session_id = id`).run();
  if (prepare('SELECT 1 FROM message_words LIMIT 1').get() === undefined)
    prepare('UPDATE sessions SET indexed = 0').run();
}

function insertInto(table: string, columns: readonly string[]): string {
  const places = columns.map(() => '?').join(', ');
  return `INSERT OR IGNORE INTO ${quoted(table)} (${columns.map(quoted).join(', ')}) VALUES (${places})`;
}

/** The rows up to the first that cannot be read. */
async function* batches(source: SqliteConnection, select: string): AsyncGenerator<readonly Row[]> {
  let rows: Row[] = [];
  try {
    for (const row of source.prepare<[], Row>(select).raw().iterate() as IterableIterator<Row>) {
      rows.push(row);
      if (rows.length < BATCH) continue;
      yield rows;
      rows = [];
      await nextTurn();
    }
  } catch {
    // Damaged from here on.
  }
  if (rows.length > 0) yield rows;
}

function insertOne(target: SqliteConnection, insert: string, values: Row): void {
  try {
    target.prepare(insert).run(...values);
  } catch {
    // A value that this column cannot hold is not what was written.
  }
}

/** Ordinary tables: what belongs to an index for searching is made again by the rows that it is about. */
function tablesOf(connection: SqliteConnection): string[] {
  const sql =
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'";
  return connection.prepare<[], string>(sql).pluck().all() as string[];
}

function columnsOf(connection: SqliteConnection, table: string): string[] {
  try {
    const sql = 'SELECT name FROM pragma_table_info(?)';
    return connection.prepare<[string], string>(sql).pluck().all(table) as string[];
  } catch {
    return [];
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
