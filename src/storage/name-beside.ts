import { existsSync } from 'node:fs';

/** A name that is free for the database and for its log: `<file>.<kind>-<time>`, and a number where that is taken. */
export function nameBeside(file: string, kind: string): string {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const first = `${file}.${kind}-${time}`;
  let name = first;
  for (let number = 2; existsSync(name) || existsSync(`${name}-wal`); number += 1)
    name = `${first}-${number}`;
  return name;
}
