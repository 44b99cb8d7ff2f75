import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import type { StorageError } from '../../core/errors.js';
import { openSqliteConnection, type SqliteConnection } from '../../storage/sqlite-connection.js';

export interface QueryRequest {
  /** Absolute path of the database. */
  readonly file: string;
  readonly sql: string;
  /** Rows, and characters of JSON that they come to, before the answer is cut. */
  readonly rows: number;
  readonly characters: number;
  /** Of a processor's time, and of all time: a busy machine must not end what it slows down. */
  readonly computingSeconds: number;
  readonly seconds: number;
}

export type QueryAnswer =
  | {
      readonly columns: readonly string[];
      readonly rows: readonly (readonly QueryValue[])[];
      /** There are more rows. */
      readonly cut: boolean;
    }
  /** Why SQLite, or its verdict on the query, does not let it run. */
  | { readonly refused: string }
  /** Why the database cannot be read. */
  | { readonly failed: string; readonly advice: string | undefined };

export type QueryValue = string | number | null;

/** Databases that SQLite lets a connection attach. */
const ATTACHABLE = 10;

/** The process that runs one query of the user's: a request as JSON on standard input, its answer on standard output. */
async function main(): Promise<void> {
  const request = JSON.parse(await text(process.stdin)) as QueryRequest;
  // This thread will be inside SQLite, and whoever started us may be gone: another thread keeps the time.
  const watch = `setInterval(() => {
    const { user, system } = process.cpuUsage();
    const isOver = user + system > ${request.computingSeconds * 1e6} || performance.now() > ${request.seconds * 1e3};
    if (isOver) process.kill(process.pid, 'SIGKILL');
  }, 100)`;
  const watchdog = new Worker(watch, { eval: true });
  await once(watchdog, 'online');
  const answer = await open(request).catch(({ message, advice }: StorageError) => ({
    failed: message,
    advice,
  }));
  process.stdout.write(JSON.stringify(answer), () => process.exit(0));
}

async function open(request: QueryRequest): Promise<QueryAnswer> {
  const connection = await openSqliteConnection(request.file, { readOnly: true });
  return connection.read(() => ask(connection, request));
}

function ask(connection: SqliteConnection, { sql, rows, characters }: QueryRequest): QueryAnswer {
  try {
    holdAttachments(connection);
    const statement = connection.prepare(sql);
    if (!statement.reader || !statement.readonly) return { refused: 'this is no query that only reads.' };
    const columns = distinct(statement.columns().map(({ name }) => name));
    const found: QueryValue[][] = [];
    let length = 0;
    for (const row of statement.raw().safeIntegers().iterate() as Iterable<unknown[]>) {
      const values = row.map(plainValue);
      length += JSON.stringify(values).length;
      if (found.length === rows || length > characters) return { columns, rows: found, cut: true };
      found.push(values);
    }
    return { columns, rows: found, cut: false };
  } catch (error) {
    return { refused: `${(error as Error).message}.` };
  }
}

/** No other file can be read or made by ATTACH or VACUUM INTO where every place for a database is taken. */
function holdAttachments({ execute }: SqliteConnection): void {
  for (let place = 1; place <= ATTACHABLE; place += 1) execute(`ATTACH ':memory:' AS held_${place}`);
}

/** Names that are keys: a second column of the same name gets a number. */
function distinct(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}:${count - 1}`;
  });
}

/** What JSON can say without loss: numbers that are exact, all others as text, bytes as hexadecimal digits. */
function plainValue(value: unknown): QueryValue {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value === null || typeof value === 'string') return value;
  return Buffer.from(value as Uint8Array).toString('hex');
}

await main();
