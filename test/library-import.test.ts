import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build, type Metafile } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { cleanEnvironment, hangMs, temporaryDirectory } from './helpers/run-victor.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'test', 'fixtures', 'library', 'watched-import.mjs');

interface Watched {
  readonly exported: readonly string[];
  /** Calls into node:fs and node:child_process, native modules and connections, in order. */
  readonly touched: readonly string[];
  /** What would keep the process alive. */
  readonly kept: readonly string[];
  /** The scripts of the package that were run. */
  readonly scripts: readonly string[];
}

/** Imports the package by its name in a process of its own, with everything watched that reaches outside. */
async function watchedImport(): Promise<Watched> {
  const coverage = temporaryDirectory();
  const { stdout } = await promisify(execFile)(process.execPath, [program], {
    env: cleanEnvironment({ NODE_V8_COVERAGE: coverage }),
    timeout: hangMs,
  });
  const [file = ''] = readdirSync(coverage);
  const { result } = JSON.parse(readFileSync(join(coverage, file), 'utf8')) as { result: { url: string }[] };
  const scripts = result
    .filter(({ url }) => url.startsWith('file:') && url !== `file://${program}`)
    .map(({ url }) => fileURLToPath(url));
  return { ...(JSON.parse(stdout) as Omit<Watched, 'scripts'>), scripts };
}

/** Node reads the modules themselves; some versions do that through the public node:fs. */
function isOwnModule(touched: string): boolean {
  const file = touched.replace(/^\S+ (file:\/\/)?/, '');
  return /^fs\.(promises\.)?readFile/.test(touched) && file.startsWith(join(root, 'dist/'));
}

/** The packages that come with a module when it is imported: those it imports itself, and its chunks do. */
function packagesOf({ outputs }: Metafile, entry: string): string[] {
  const files = new Set([entry]);
  const packages = new Set<string>();
  for (const file of files) {
    for (const { path, kind, external } of outputs[file]?.imports ?? []) {
      if (kind === 'dynamic-import') continue;
      if (!external) files.add(path);
      else if (!path.startsWith('node:')) packages.add(path);
    }
  }
  return [...packages].sort();
}

/** What tells a package in the bundle apart, whatever its chunk is called. */
const marks = {
  ink: /yoga/i,
  react: /react\.(transitional\.)?element/,
  commander: /Did you mean one of/,
  'the Anthropic SDK': /anthropic-version/,
  'the OpenAI SDK': /OpenAI-Organization/,
  'better-sqlite3': /defaultSafeIntegers/,
  execa: /execaSync|execaNode/,
  pg: /SCRAM-SHA-256/,
  cosmiconfig: /metaSearchPlaces|packageProp/,
  yaml: /tag:yaml\.org/,
};

function marksIn(files: readonly string[]): string[] {
  const text = files.map((file) => readFileSync(file, 'utf8')).join('\n');
  return Object.entries(marks).flatMap(([name, mark]) => (mark.test(text) ? [name] : []));
}

describe('importing the library', () => {
  it('touches no disk beyond its own modules, runs nothing, connects to nothing and keeps nothing open', async () => {
    const { exported, touched, kept } = await watchedImport();
    expect(exported).toEqual(expect.arrayContaining(['AgentOrchestrator', 'createOrchestrator', 'settings']));
    expect(touched.filter((one) => !isOwnModule(one))).toEqual([]);
    expect(kept).toEqual([]);
  });

  it('runs only modules of the package, and none with Ink, React, Commander, an SDK or a native module', async () => {
    const { scripts } = await watchedImport();
    expect(scripts).toContain(join(root, 'dist', 'index.js'));
    for (const script of scripts) expect(script.startsWith(join(root, 'dist/'))).toBe(true);
    expect(marksIn(scripts)).toEqual([]);
  });

  it('those marks are in the bundle, so that their absence says something', () => {
    const program = join(root, 'dist', 'program');
    const files = readdirSync(program).filter((name) => name.endsWith('.js'));
    expect(marksIn(files.map((name) => join(program, name)))).toEqual(Object.keys(marks));
  });

  it('brings one package with it: zod', async () => {
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: ['src/index.ts'],
      outdir: 'dist',
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      metafile: true,
      write: false,
    });
    expect(packagesOf(metafile, 'dist/index.js')).toEqual(['zod']);
  });
});
