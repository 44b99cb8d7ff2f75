import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

export interface PtyProgram {
  readonly file: string;
  remove(): Promise<void>;
}

/** Bundles a TypeScript program as the product is bundled, so that a pty test starts it in a fraction of the time. */
export async function bundleProgram(source: string): Promise<PtyProgram> {
  const directory = await mkdtemp(join(tmpdir(), 'victor-program-'));
  const file = join(directory, 'program.mjs');
  await build({
    entryPoints: [source],
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
    alias: { 'react-devtools-core': 'node:util' },
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  return { file, remove: () => rm(directory, { recursive: true, force: true }) };
}
