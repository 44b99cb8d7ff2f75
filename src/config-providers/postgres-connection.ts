import type { Pool } from 'pg';
import { ConfigError, ExtensionError, type VictorError } from '../core/errors.js';
import { redact } from '../core/redact.js';

const shape = 'postgres://user:password@host:5432/database';

/** What a failure of the server asks for, by its SQLSTATE or the code of the network. */
const advice: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'See that the server runs and listens there.',
  ENOTFOUND: 'Correct the host.',
  ENOENT: 'See that the server runs and that its socket is in that folder.',
  '28P01': 'Correct the user name or the password.',
  '28000': 'See what pg_hba.conf of the server allows.',
  '3D000': 'Correct the name of the database.',
  '42P01': 'Create the table, or name another one.',
  '42703': 'Compare the columns of the table with those that are asked for.',
  '42501': 'Grant the user access to the table.',
  '57014': 'Give it more timeoutMs, or make the query faster.',
};

/** The connection string in a variable. Throws a `ConfigError` that shows nothing of it. */
export function connectionString(environment: NodeJS.ProcessEnv, variable: string): string {
  const text = environment[variable]?.trim() ?? '';
  const refuse = (what: string, advice: string) =>
    new ConfigError(`${variable} ${what}`, { advice, key: variable });
  if (text === '') throw refuse('is not set', `Set it to ${shape}.`);
  if (!/^postgres(ql)?:\/\//.test(text)) throw refuse('is no connection string', `Write ${shape}.`);
  // Otherwise a part of the password would be taken for the host or the port, and be shown when that fails.
  if (/[/?#][^@]*@/.test(text.replace(/^\w+:\/\//, ''))) {
    throw refuse(
      'has an @ behind the host',
      'Percent-encode / ? # and @ in user name, password and database.',
    );
  }
  return text;
}

/** The server ends a slow statement and says so; a machine that is busy needs a moment to bring that here. */
const MORE_THAN_THE_SERVER_MS = 1_000;

/** A pool of one connection, opened at the first query. Connecting and each statement may take `timeoutMs` each. */
export async function openPool(address: string, timeoutMs: number): Promise<Pool> {
  const { Pool } = await import('pg');
  const pool = new Pool({
    connectionString: address,
    application_name: 'victor',
    max: 1,
    // An idle connection does not keep the process alive.
    allowExitOnIdle: true,
    connectionTimeoutMillis: timeoutMs,
    // The server ends a slow statement; where it cannot say so, the client stops waiting a little later.
    statement_timeout: timeoutMs,
    query_timeout: timeoutMs + MORE_THAN_THE_SERVER_MS,
  });
  // An idle connection that breaks is replaced at the next query; unheard, its error would end the process.
  pool.on('error', () => {});
  return pool;
}

/** Connects to the server that a variable names, for `check`; no password is sent. */
export async function checkServer(environment: NodeJS.ProcessEnv, variable: string): Promise<string> {
  const address = connectionString(environment, variable);
  const { checkConnection } = await import('../http/check-connection.js');
  try {
    return await checkConnection(address);
  } catch (error) {
    throw describeFailure(error, variable, address);
  }
}

/** Why a query failed, without the password. */
export function describeFailure(error: unknown, variable: string, address: string): VictorError {
  const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string };
  if (code === 'ERR_INVALID_URL') {
    return new ConfigError(`${variable} is no connection string`, {
      advice: `Write ${shape}.`,
      key: variable,
    });
  }
  // A host with several addresses that all refuse fails with a code only.
  const reason = redact(message || code || String(error), [address, ...passwordsIn(address)]);
  return new ExtensionError(`${variable}: ${reason}`, {
    advice: advice[code] ?? 'See the log of the server.',
  });
}

/** As it is written and as it is sent. */
function passwordsIn(address: string): string[] {
  const written = /^\w+:\/\/[^:@]*:([^@]*)@/.exec(address)?.[1] ?? /[?&]password=([^&]*)/.exec(address)?.[1];
  if (written === undefined) return [];
  try {
    return [written, decodeURIComponent(written)];
  } catch {
    return [written];
  }
}
