import type { Pool, QueryArrayResult } from 'pg';
import * as z from 'zod';
import { deepFreeze } from '../core/deep-freeze.js';
import { ExtensionError } from '../core/errors.js';
import type { ConfigProvider } from '../core/extension.js';
import { isRecord } from '../core/is-record.js';
import { checkServer, connectionString, describeFailure, openPool } from './postgres-connection.js';

export const optionsSchema = z
  .strictObject({
    connectionStringVariable: z.string().min(1).default('DATABASE_URL'),
    table: z
      .string()
      .regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)?$/, 'expected a table such as sessions or team.sessions')
      .optional(),
    query: z.string().regex(/\$1\b/, 'it must contain $1, which stands for the session id').optional(),
    timeoutMs: z.int().min(1).default(2_000),
    priority: z.number().default(50),
  })
  .refine(({ table, query }) => table === undefined || query === undefined, {
    path: ['query'],
    message: 'the query names its own table; leave one of the two out',
  });

type Config = Readonly<Record<string, unknown>>;

/**
 * The settings of a session from PostgreSQL: `SELECT config FROM sessions WHERE session_id = $1`, from another `table` or
 * by a `query` of your own. It gives one column, JSON or text that is JSON, of at most one row; no row, or NULL, lets the
 * next provider answer. The connection string is the value of an environment variable, never a setting. Connecting and
 * answering may take `timeoutMs` each. `getConfig` rejects with a `ConfigError` when the variable is wrong, else with an
 * `ExtensionError`; neither shows the password.
 */
export function createPostgresConfigProvider(
  options: unknown,
  environment: NodeJS.ProcessEnv,
): ConfigProvider {
  const { connectionStringVariable, table, query, timeoutMs, priority } = optionsSchema.parse(options ?? {});
  const sql = query ?? `SELECT config FROM ${quoted(table ?? 'sessions')} WHERE session_id = $1`;
  let opening: Promise<Pool> | undefined;

  const check = () => checkServer(environment, connectionStringVariable);
  return { name: 'postgres', priority, getConfig, check };

  async function getConfig(sessionId: string): Promise<Config> {
    const address = connectionString(environment, connectionStringVariable);
    opening ??= openPool(address, timeoutMs);
    const pool = await opening;
    try {
      return settingsIn(await pool.query({ text: sql, values: [sessionId], rowMode: 'array' }));
    } catch (error) {
      throw error instanceof ExtensionError
        ? error
        : describeFailure(error, connectionStringVariable, address);
    }
  }
}

function settingsIn({ fields, rows }: QueryArrayResult<unknown[]>): Config {
  if (fields.length !== 1) {
    throw new ExtensionError(`the query gives ${fields.length} columns`, {
      advice: 'Select one column, with the settings as JSON.',
    });
  }
  // Taking the first of several would give one session the settings of another.
  if (rows.length > 1) {
    throw new ExtensionError(`${rows.length} rows answer for one session`, {
      advice: 'Make the session id unique, or let the query choose one row.',
    });
  }
  const given = rows[0]?.[0] ?? {};
  const value = typeof given === 'string' ? parsed(given) : given;
  if (isRecord(value)) return deepFreeze(value);
  throw new ExtensionError('the settings in the database are not a JSON object', {
    advice: 'Store one JSON object a session.',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function quoted(table: string): string {
  return table
    .split('.')
    .map((part) => `"${part}"`)
    .join('.');
}
