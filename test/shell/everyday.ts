import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const lines = readFileSync(join(import.meta.dirname, 'everyday-commands.txt'), 'utf8').split('\n');
const names = ['git', 'search', 'files', 'pipelines', 'redirections'];

/** The commands by their groups, each of which begins with a line of words. */
export const everydayGroups: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  lines
    .slice(1)
    .join('\n')
    .split(/^# .*$/m)
    .slice(1)
    .map((group, index) => [names[index], group.split('\n').filter(Boolean)]),
);

export const everydayCommands: readonly string[] = Object.values(everydayGroups).flat();
