import { join } from 'node:path';
import type { VictorPaths } from '../config/paths.js';
import { writePrivateFile } from '../config/write-private-file.js';
import { errorTrace } from './report-error.js';

/** Keeps where a fault of Victor's own comes from, for people who report it; the last one only, without keys. Answers the file. */
export function keepFault(
  error: unknown,
  { dataDirectory }: Pick<VictorPaths, 'dataDirectory'>,
): string | undefined {
  const file = join(dataDirectory, 'last-fault.txt');
  const version = process.env.VICTOR_VERSION ?? 'unbuilt';
  const head = `victor ${version}, Node ${process.versions.node}, ${process.platform} ${process.arch}, ${new Date().toISOString()}`;
  try {
    writePrivateFile(file, `${head}\n${errorTrace(error)}\n`);
    return file;
  } catch {
    // What ends the process is told anyway; a full disk must not hide it.
    return undefined;
  }
}
