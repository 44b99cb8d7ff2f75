import { victorPaths } from '../../config/paths.js';
import { redact, redactedMark } from '../../core/redact.js';
import { type CommandLine, notice } from '../command-line.js';
import { formatJson } from '../format-json.js';
import { withHistory } from '../open-history.js';
import type { QueryValue } from './query-process.js';
import { queryLimits, runQuery } from './run-query.js';
import { terminalLook } from './terminal-look.js';

/** The rows of a query of the user's own: a table, or an array of objects with `json`. What has the shape of a key is masked. */
export async function showQuery(sql: string, { json }: { json: boolean }, cli: CommandLine): Promise<void> {
  const { stdout } = cli;
  const { databaseFile } = victorPaths(cli.environment);
  // The store is opened first, because it makes a database that is missing and brings an old one up to date.
  const answer = await withHistory(cli, () => runQuery(databaseFile, sql));
  const { columns } = answer;
  let masked = 0;
  const clean = (value: QueryValue): QueryValue => {
    if (typeof value !== 'string') return value;
    const text = redact(value);
    if (text !== value) masked += 1;
    return text;
  };
  const rows = answer.rows.map((row) => row.map(clean));
  if (json) {
    stdout.write(
      formatJson(rows.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index]])))),
    );
  } else {
    const { queryTable } = await import('../drawing.js');
    stdout.write(queryTable(columns, rows, await terminalLook(cli)));
  }
  if (masked > 0) notice(cli, `values with what looks like a key stand with ${redactedMark}: ${masked}`);
  if (answer.cut) {
    const most = `${queryLimits.rows} rows or ${queryLimits.characters / 1_000_000} MB`;
    notice(cli, `these are the first ${rows.length} rows, because an answer has at most ${most}.`);
  }
}
