import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryDirectory } from '../helpers/run-victor.js';

/** An empty folder, by the path that it really has. */
export function realFolder(): string {
  return realpathSync(temporaryDirectory());
}

export function folderWith(files: Readonly<Record<string, string>>): string {
  const cwd = realFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  return cwd;
}
