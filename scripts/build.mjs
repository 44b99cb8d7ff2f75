/**
 * Builds dist/: one split ESM bundle for the command line and the library, and the type declarations.
 *
 *   node scripts/build.mjs [--no-types] [--sourcemap] [--metafile]
 *
 * A bundle because loading modules is what a short-lived process spends its time on; split so that
 * `--version` or `sessions list` never parse Ink or an SDK.
 */
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build, formatMessages } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outputDirectory = join(root, 'dist');
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

try {
  const [bundle] = await Promise.all([
    bundleSources(),
    process.argv.includes('--no-types') ? undefined : declareTypes(),
  ]);
  if (process.argv.includes('--metafile')) {
    await writeFile(join(outputDirectory, 'metafile.json'), JSON.stringify(bundle.metafile));
  }
} catch (error) {
  console.error(await describe(error));
  process.exitCode = 1;
}

async function bundleSources() {
  const bundle = await build({
    absWorkingDir: root,
    entryPoints: await entryPoints(),
    outdir: outputDirectory,
    // Every file lies flat in dist/, so that new URL('./x-worker.js', import.meta.url) holds in any chunk.
    entryNames: '[name]',
    chunkNames: 'chunk-[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifyWhitespace: true,
    minifySyntax: true,
    minifyIdentifiers: true,
    keepNames: true,
    legalComments: 'none',
    sourcemap: process.argv.includes('--sourcemap') ? 'linked' : false,
    define: {
      // React and Ink pick their development builds at load time; the leak and the cost of those must not ship.
      'process.env.NODE_ENV': '"production"',
      // Ink would connect to its devtools in any shell where somebody has set DEV=true.
      'process.env.DEV': '"false"',
      'process.env.VICTOR_VERSION': JSON.stringify(version),
    },
    external: ['better-sqlite3', '@vscode/ripgrep', 'esbuild', 'tsx', 'typescript'],
    plugins: [emptyModule('react-devtools-core')],
    // Bundled CommonJS packages call require() for what Node ships.
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  if (bundle.warnings.length > 0) {
    console.error((await formatMessages(bundle.warnings, { kind: 'warning' })).join('\n'));
  }
  await writeBundle(bundle.outputFiles);
  await writeFile(
    join(outputDirectory, 'THIRD-PARTY-LICENSES.txt'),
    await thirdPartyLicenses(bundle.metafile),
  );
  return bundle;
}

/** The library, the command line, and each worker that a tool starts as a thread of its own. */
async function entryPoints() {
  const files = await readdir(join(root, 'src'), { recursive: true });
  const workers = files.filter((file) => file.endsWith('-worker.ts'));
  return [
    { in: 'src/index.ts', out: 'index' },
    { in: 'src/cli/main.ts', out: 'cli' },
    ...workers.map((file) => ({ in: join('src', file), out: file.replace(/^.*[\\/]|\.ts$/g, '') })),
  ];
}

/** Chunks first, entries last, each by rename: a Victor started in the middle finds a whole bundle, old or new. */
async function writeBundle(outputFiles) {
  await mkdir(outputDirectory, { recursive: true });
  const isChunk = (file) => relative(outputDirectory, file.path).startsWith('chunk-');
  for (const file of [...outputFiles.filter(isChunk), ...outputFiles.filter((file) => !isChunk(file))]) {
    const temporary = `${file.path}.${process.pid}.tmp`;
    await writeFile(temporary, file.contents);
    await rename(temporary, file.path);
  }
  const written = new Set(outputFiles.map((file) => relative(outputDirectory, file.path)));
  for (const name of await readdir(outputDirectory)) {
    const stale = /\.js(\.map)?$/.test(name) && !written.has(name);
    if (stale) await rm(join(outputDirectory, name), { force: true });
  }
}

async function declareTypes() {
  const output = join(outputDirectory, 'types');
  await rm(output, { recursive: true, force: true });
  const tsc = createRequire(import.meta.url).resolve('typescript/package.json');
  const { bin } = JSON.parse(await readFile(tsc, 'utf8'));
  await promisify(execFile)(process.execPath, [join(dirname(tsc), bin.tsc), '-p', 'tsconfig.build.json'], {
    cwd: root,
  });
}

function emptyModule(name) {
  return {
    name: `empty ${name}`,
    setup(esbuild) {
      esbuild.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: name, namespace: 'empty' }));
      esbuild.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'export default {}' }));
    },
  };
}

/** What the licences of the bundled packages ask for: their texts, once each. */
async function thirdPartyLicenses(metafile) {
  const packages = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) packages.add(match[1]);
  }
  const texts = [];
  for (const folder of [...packages].sort()) {
    const about = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
    const file = (await readdir(join(root, folder))).find((name) => /^licen[cs]e/i.test(name));
    const text = file ? await readFile(join(root, folder, file), 'utf8') : `Licence: ${about.license}\n`;
    texts.push(`${about.name} ${about.version}\n\n${text.trim()}\n`);
  }
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

async function describe(error) {
  if (Array.isArray(error?.errors) && error.errors.length > 0) {
    return (await formatMessages(error.errors, { kind: 'error' })).join('\n');
  }
  const compilerOutput = `${error?.stdout ?? ''}${error?.stderr ?? ''}`.trim();
  return compilerOutput || error?.stack || String(error);
}
