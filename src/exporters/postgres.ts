import type { Pool } from 'pg';
import * as z from 'zod';
import {
  checkServer,
  connectionString,
  describeFailure,
  openPool,
} from '../config-providers/postgres-connection.js';
import type { AnalyticsEvent, AnalyticsExporter } from '../core/extension.js';
import { exporterId } from '../delivery/exporter-id.js';
import { checkOptions } from './check-options.js';
import { type Environment, variableName } from './environment-variables.js';
import { exportInBatches } from './export-result.js';

const identifier = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}(\.[A-Za-z_][A-Za-z0-9_]{0,62})?$/, 'expected table or schema.table');

export const optionsSchema = z.strictObject({
  /** Environment variable with the connection string, `postgres://user:password@host/database`. */
  connectionStringVariable: variableName.default('DATABASE_URL'),
  table: identifier.default('analytics_events'),
  /** `false`: the table is there, and the user may not make one. */
  createTable: z.boolean().default(true),
  /** Milliseconds that connecting, and each statement, may take. */
  timeoutMs: z.int().min(1).max(300_000).default(10_000),
});

export type PostgresExporterOptions = z.input<typeof optionsSchema>;

const BATCH_SIZE = 1_000;
/** Two processes made the table at the same moment, or the type that goes with it; it is there. */
const alreadyThere = new Set(['23505', '42P07', '42710']);

/**
 * Inserts events into a table `(id, session_id, event_type, event_data jsonb, timestamp)`; an event that comes again
 * counts once. One connection, made at the first export; while nobody uses it, it does not keep the process alive.
 */
export function createPostgresExporter(
  given: PostgresExporterOptions = {},
  environment: Environment = process.env,
): AnalyticsExporter {
  const options = checkOptions('postgres', optionsSchema, given);
  const variable = options.connectionStringVariable;
  const table = options.table
    .split('.')
    .map((part) => `"${part}"`)
    .join('.');
  let preparing: Promise<Pool> | undefined;

  async function prepare(address: string): Promise<Pool> {
    const pool = await openPool(address, options.timeoutMs);
    if (!options.createTable) return pool;
    try {
      await pool.query(createTableStatement(table));
    } catch (error) {
      if (!alreadyThere.has(String((error as { code?: unknown } | null)?.code))) {
        await pool.end();
        throw error;
      }
    }
    return pool;
  }

  async function insert(events: readonly AnalyticsEvent[]): Promise<undefined> {
    const address = connectionString(environment, variable);
    preparing ??= prepare(address);
    const current = preparing;
    try {
      const pool = await current.catch((error: unknown) => {
        // The next export tries again.
        if (preparing === current) preparing = undefined;
        throw error;
      });
      await pool.query(insertStatement(table), columns(events));
    } catch (error) {
      throw describeFailure(error, variable, address);
    }
    return undefined;
  }

  return {
    name: 'postgres',
    id: exporterId('postgres', [variable, options.table]),
    export: (events) => exportInBatches(events, BATCH_SIZE, insert),
    check: () => checkServer(environment, variable),
    async close() {
      const pool = await preparing?.catch(() => undefined);
      preparing = undefined;
      await pool?.end();
    },
  };
}

const createTableStatement = (table: string): string => `
  CREATE TABLE IF NOT EXISTS ${table} (
    id text PRIMARY KEY,
    session_id text NOT NULL,
    event_type text NOT NULL,
    event_data jsonb NOT NULL,
    timestamp timestamptz NOT NULL
  )`;

const insertStatement = (table: string): string => `
  INSERT INTO ${table} (id, session_id, event_type, event_data, timestamp)
  SELECT id, session_id, event_type, event_data::jsonb, to_timestamp(milliseconds / 1000)
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::float8[])
    AS event (id, session_id, event_type, event_data, milliseconds)
  ON CONFLICT (id) DO NOTHING`;

function columns(events: readonly AnalyticsEvent[]): unknown[] {
  return [
    events.map(({ id }) => storable(id)),
    events.map(({ sessionId }) => storable(sessionId)),
    events.map(({ type }) => storable(type)),
    events.map(({ data }) =>
      JSON.stringify(data, (_, value) => (typeof value === 'string' ? storable(value) : value)),
    ),
    events.map(({ timestamp }) => timestamp),
  ];
}

/** PostgreSQL takes neither a NUL nor half a surrogate pair, in text or in jsonb. */
function storable(text: string): string {
  return Buffer.from(text).toString().replaceAll('\0', '\ufffd');
}
