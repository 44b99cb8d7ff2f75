import { StorageError } from '../../core/errors.js';
import { openMarks } from '../../storage/open-marks.js';
import type { CommandLine } from '../command-line.js';
import { formatJson } from '../format-json.js';
import { bytesOf, type JsonOption, readableBytes, withDatabaseFile } from './database-file.js';

/** Gives room back to the disk. Others would wait all the while, so there may be none. */
export async function vacuumDatabase(options: JsonOption, cli: CommandLine): Promise<void> {
  const result = await withDatabaseFile(cli, async ({ connection }, path) => {
    const others = openMarks(path).alive.filter((pid) => pid !== process.pid);
    if (others.length > 0) {
      throw new StorageError(`${path} is open in other processes (${others.join(', ')}).`, {
        advice: 'End them, then run this again.',
      });
    }
    const before = bytesOf(path) + bytesOf(`${path}-wal`);
    await connection.vacuum();
    return { path, before, after: bytesOf(path) + bytesOf(`${path}-wal`) };
  });
  const { path, before, after } = result;
  if (options.json) {
    cli.stdout.write(formatJson({ path, bytes_before: before, bytes: after }));
  } else {
    cli.stdout.write(`${path}: ${readableBytes(before)} before, ${readableBytes(after)} now\n`);
  }
}
