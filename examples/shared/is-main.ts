import { realpathSync } from 'node:fs';

/** Whether this file was started, and not imported by another example: Python's `__name__ == "__main__"`. */
export function isMain(file: string): boolean {
  const started = process.argv[1];
  return started !== undefined && realpathSync(started) === file;
}
