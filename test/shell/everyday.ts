import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const everydayCommands: readonly string[] = readFileSync(
  join(import.meta.dirname, 'everyday-commands.txt'),
  'utf8',
)
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('# '));
