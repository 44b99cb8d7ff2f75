import { StorageError } from '../../core/errors.js';
import { countRows, type DatabaseCounts } from '../../storage/check-database.js';
import { isIntact } from '../../storage/integrity.js';
import { markSuspect } from '../../storage/open-marks.js';
import { StorageFailure } from '../../storage/storage-failure.js';
import { type CommandLine, notice } from '../command-line.js';
import { exitCodes } from '../exit-code.js';
import { formatJson } from '../format-json.js';
import { errorLine } from '../report-error.js';
import { bytesOf, databaseFile, type JsonOption, readableBytes, withDatabaseFile } from './database-file.js';

/** Looks at every page, every index and every entry, changes nothing, and answers exit code 1 when something is damaged. */
export async function checkDatabaseFile(options: JsonOption, cli: CommandLine): Promise<number> {
  const path = databaseFile(cli);
  try {
    const counts = await withDatabaseFile(cli, async ({ connection, check }) => {
      if (!(await isIntact(connection, { waitMs: Number.POSITIVE_INFINITY }))) {
        throw new StorageFailure('corrupt', path);
      }
      await check?.();
      return countRows(connection);
    });
    report(path, counts, options, cli);
    return counts.unreadable === 0 ? exitCodes.ok : exitCodes.failure;
  } catch (error) {
    if (!(error instanceof StorageFailure) || error.reason !== 'corrupt') throw error;
    const { message } = error;
    markSuspect(path);
    if (!options.json) {
      throw new StorageError(message, {
        advice: 'The next victor that opens it keeps it under another name and saves what can be read.',
        cause: error,
      });
    }
    cli.stdout.write(formatJson({ path, intact: false, problem: message }));
    cli.stderr.write(`${errorLine(error)}\n`);
    return exitCodes.failure;
  }
}

function report(path: string, counts: DatabaseCounts, { json }: JsonOption, cli: CommandLine): void {
  const { stdout } = cli;
  const { schema, sessions, messages, unreadable } = counts;
  const sizes = { bytes: bytesOf(path), log_bytes: bytesOf(`${path}-wal`) };
  if (json) {
    stdout.write(
      formatJson({ path, intact: unreadable === 0, schema, sessions, messages, unreadable, ...sizes }),
    );
  } else {
    const size = `${readableBytes(sizes.bytes)} and ${readableBytes(sizes.log_bytes)} of log`;
    stdout.write(`${path}: every page is intact and it can be written\n`);
    stdout.write(`schema ${schema}, ${sessions} sessions with ${messages} messages, ${size}\n`);
  }
  if (unreadable === 0) return;
  notice(cli, `${unreadable} entries of sessions cannot be read; where they were a resumed session says so.`);
}
