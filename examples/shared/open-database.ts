/** What the examples want of a database: `$1` stands for the first value. A `Pool` of `pg` is one. */
export interface Database {
  query(sql: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  end(): Promise<void>;
}

/**
 * PostgreSQL where `DATABASE_URL` says so, in a schema of its own, so that no other table is touched. Else SQLite in
 * memory, which takes the same SQL, so that the examples also run where there is no server.
 */
export async function openDatabase(): Promise<Database> {
  const connectionString = process.env.DATABASE_URL;
  if (!connectionString) {
    console.log('DATABASE_URL is not set: SQLite in memory stands in for PostgreSQL.');
    return openSqlite();
  }
  const { Pool } = await import('pg');
  const pool = new Pool({
    connectionString,
    options: '-c search_path=victor_examples',
    connectionTimeoutMillis: 5_000,
  });
  // An idle connection that breaks is replaced by the pool; unheard, its error would end the process.
  pool.on('error', () => {});
  await pool.query('CREATE SCHEMA IF NOT EXISTS victor_examples');
  return pool;
}

async function openSqlite(): Promise<Database> {
  const { default: Sqlite } = await import('better-sqlite3');
  const database = new Sqlite(':memory:');
  return {
    async query(sql, values = []) {
      const named = Object.fromEntries(values.map((value, index) => [index + 1, value]));
      const statement = database.prepare<unknown[], Record<string, unknown>>(sql);
      if (statement.reader) return { rows: statement.all(named) };
      statement.run(named);
      return { rows: [] };
    },
    async end() {
      database.close();
    },
  };
}
