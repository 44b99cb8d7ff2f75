import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ConfigError, StorageError } from '../../core/errors.js';
import type { QueryAnswer, QueryRequest } from './query-process.js';

/** What a query may take. */
export const queryLimits = {
  rows: 10_000,
  characters: 20_000_000,
  computingSeconds: 10,
  seconds: 60,
} as const;

/**
 * Runs one query in a process of its own, because only the end of its process stops a query that SQLite is busy with.
 * Rejects with a `ConfigError` when SQLite does not take the query, and with a `StorageError` when it takes too long or the
 * database cannot be read.
 */
export async function runQuery(file: string, sql: string) {
  const program = fileURLToPath(new URL('./query.js', import.meta.url));
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const request: QueryRequest = { file, sql, ...queryLimits };
  // It may be gone before it has read everything; how it ended says why.
  child.stdin.on('error', () => {}).end(JSON.stringify(request));
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  if (signal === 'SIGKILL') {
    throw new StorageError(`the query took more than ${queryLimits.computingSeconds} seconds of computing`, {
      advice: 'Narrow it, for example by day or timestamp; a recursive query needs an end of its own.',
    });
  }
  if (code !== 0) {
    throw new StorageError(`the query could not be run (${signal ?? `exit code ${code}`})`, {
      advice: 'Run `victor doctor`.',
    });
  }
  const answer = JSON.parse(Buffer.concat(chunks).toString('utf8')) as QueryAnswer;
  if ('failed' in answer) throw new StorageError(answer.failed, { advice: answer.advice });
  if ('refused' in answer) {
    throw new ConfigError(`--sql: ${answer.refused}`, {
      advice:
        'One query that reads is run; SELECT sql FROM sqlite_schema shows the views, and docs/analytics.md explains them.',
    });
  }
  return answer;
}
