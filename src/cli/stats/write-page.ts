import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { writePrivateFile } from '../../config/write-private-file.js';
import { ConfigError } from '../../core/errors.js';
import type { Statistics } from './statistics-of-days.js';

/** Writes the page for its user alone. Throws `ConfigError` rather than replace a file that is no such page. */
export async function writePage(file: string, statistics: Statistics, days: number): Promise<void> {
  const { generatorMark, htmlPage } = await import('./html-page.js');
  const path = resolve(file);
  if (!mayReplace(path, generatorMark)) {
    throw new ConfigError(`${path} exists already, and is no page of victor stats`, {
      advice: 'Name another file with --html.',
    });
  }
  writePrivateFile(path, htmlPage(statistics, days));
}

function mayReplace(path: string, mark: string): boolean {
  try {
    return readFileSync(path, 'utf8').slice(0, 1_000).includes(mark);
  } catch (error) {
    // A folder, or a file that may not be read, is refused as well.
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
