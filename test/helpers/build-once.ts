import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Vitest's global setup: the tests that run `victor` as a process run what the sources say now. */
export default function buildOnce(): void {
  const built = modified(join(root, 'dist', 'program', 'entries.json'));
  const sources = ['src', 'scripts', 'package.json', 'node_modules/.package-lock.json'];
  if (sources.every((source) => newest(join(root, source)) <= built)) return;
  execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs'), '--no-types'], { stdio: 'inherit' });
}

function newest(path: string): number {
  const own = modified(path);
  try {
    // A folder counts itself, because a file that was deleted leaves no other trace.
    return Math.max(own, ...readdirSync(path).map((name) => newest(join(path, name))));
  } catch {
    return own;
  }
}

function modified(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
