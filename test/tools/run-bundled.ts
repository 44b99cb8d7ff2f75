import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..', '..');

/** A program made of our sources and run by a Node of its own, as the build makes it: one minified file. */
export interface BundledProgram {
  start(args: readonly string[], options?: { uid?: number; gid?: number }): ChildProcess;
  /** Runs to the end and answers what it printed. */
  run(args: readonly string[], options?: { uid?: number; gid?: number }): Promise<string>;
  remove(): void;
}

export async function bundle(entry: string): Promise<BundledProgram> {
  const directory = mkdtempSync(join(tmpdir(), 'victor-bundle-'));
  chmodSync(directory, 0o755);
  const file = join(directory, 'program.mjs');
  await build({
    entryPoints: [join(root, entry)],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    minify: true,
    keepNames: true,
    external: ['@vscode/ripgrep'],
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
    logLevel: 'silent',
  });
  const start: BundledProgram['start'] = (args, options = {}) =>
    spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/', ...options });
  return {
    start,
    run: (args, options) =>
      new Promise((resolve, reject) => {
        const child = start(args, options);
        let output = '';
        child.stdout?.on('data', (chunk) => {
          output += chunk;
        });
        child.stderr?.on('data', (chunk) => {
          output += chunk;
        });
        child.once('error', reject);
        child.once('close', () => resolve(output));
      }),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
