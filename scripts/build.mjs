/**
 * Builds dist/: a split bundle of ES modules for the library, one of scripts for the command line, and the type declarations.
 *
 *   node scripts/build.mjs [--no-types] [--sourcemap] [--metafile]
 *
 * A bundle because loading modules is what a short-lived process spends its time on; split so that
 * `--version` or `sessions list` never parse Ink or an SDK.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fasterFirstFrame } from './faster-first-frame.mjs';
import { forgettingInk } from './forgetting-ink.mjs';
import { programOf, sharedIndex, withoutAwaiting } from './program-bundle.mjs';
import { keepPublicTypes } from './public-types.mjs';
import { wholeRowsOfInk } from './whole-rows-of-ink.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outputDirectory = join(root, 'dist');
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const { build, formatMessages, transform } = await import('esbuild').catch(() => {
  // npm runs `prepare` also where development dependencies are left out; what was built before serves there.
  const built = existsSync(join(outputDirectory, 'program', 'entries.json'));
  console.error(
    `build: esbuild is not installed, so ${built ? 'dist/ stays as it is' : 'there is no dist/'}.`,
  );
  process.exit(built ? 0 : 1);
});

const banner =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

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
  // What shares nothing with the rest: splitting would cut the other bundle into smaller pieces for its sake.
  const [bundle, library, query, mcp, acp] = await Promise.all([
    bundleOf({ index: 'src/index.ts', cli: 'src/cli/main.ts' }, { splitting: true }),
    bundleOf({ library: 'src/index.ts' }, { splitting: true }),
    // A process of its own.
    bundleOf({ query: 'src/cli/stats/query-process.ts' }, { splitting: false }),
    // The MCP SDK, loaded with the first server.
    bundleOf({ 'mcp-sdk': 'src/mcp/sdk.ts' }, { splitting: false }),
    // What speaks with an editor, with its SDK: only victor acp loads it.
    bundleOf({ acp: 'src/acp/index.ts' }, { splitting: false }),
  ]);
  const table = {
    path: join(outputDirectory, 'word-vectors.bin'),
    contents: await readFile(join(root, 'src/embedding/word-vectors.bin')),
  };
  const index = { path: join(outputDirectory, 'index.js'), contents: sharedIndex(library) };
  const program = await programOf(bundle, { banner, folder: join(outputDirectory, 'program'), transform });
  const modules = [library, query, mcp, acp].flatMap(({ outputFiles }) => outputFiles);
  await writeBundle([table, ...modules, index, ...program]);
  await writeFile(
    join(outputDirectory, 'THIRD-PARTY-LICENSES.txt'),
    `${await thirdPartyLicenses([bundle.metafile, mcp.metafile, acp.metafile])}\n${'-'.repeat(80)}\n\n${await readFile(join(root, 'src/embedding/word-vectors.md'), 'utf8')}`,
  );
  return bundle;
}

async function bundleOf(entryPoints, { splitting }) {
  const bundle = await build({
    absWorkingDir: root,
    entryPoints,
    outdir: outputDirectory,
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Identifiers stay: errors carry the names of their classes, stack traces can be read, and it costs no time.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    sourcemap: process.argv.includes('--sourcemap') ? 'linked' : false,
    define: {
      // React and Ink pick their development builds at load time; the leak and the cost of those must not ship.
      'process.env.NODE_ENV': '"production"',
      // Ink would connect to its devtools in any shell where somebody has set DEV=true.
      'process.env.DEV': '"false"',
      'process.env.VICTOR_VERSION': JSON.stringify(version),
    },
    // Of better-sqlite3 only the compiled module stays outside; its JavaScript is cheaper in the bundle.
    external: ['*.node', '@vscode/ripgrep', 'esbuild', 'tsx', 'typescript'],
    plugins: [
      withoutTheUnused(),
      apartFromTheRest(),
      fasterFirstFrame(),
      forgettingInk(),
      wholeRowsOfInk(),
      withoutAwaiting(),
      namedExportsOfCommonJs(),
      classesOfTheSdks(),
    ],
    // Bundled CommonJS packages call require() for what Node ships.
    banner: { js: banner },
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  if (bundle.warnings.length > 0) {
    console.error((await formatMessages(bundle.warnings, { kind: 'warning' })).join('\n'));
  }
  return bundle;
}

/**
 * Node gives `await import('yaml')` the named exports of a CommonJS package; a bundler, which does not run it, gives
 * only `default`. So each such package gets a module in front that names what the package exports.
 */
function namedExportsOfCommonJs() {
  const require = createRequire(import.meta.url);
  return {
    name: 'named exports of CommonJS',
    setup(esbuild) {
      esbuild.onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, pluginData }) => {
        if (kind !== 'dynamic-import' || pluginData === 'resolved' || path.startsWith('node:'))
          return undefined;
        const found = await esbuild.resolve(path, { kind, resolveDir, pluginData: 'resolved' });
        const isCommonJs = !found.external && found.path.endsWith('.js') && !(await isModule(found.path));
        return isCommonJs ? { path: found.path, namespace: 'named-exports' } : found;
      });
      esbuild.onLoad({ filter: /.*/, namespace: 'named-exports' }, ({ path }) => {
        const names = Object.keys(require(path)).filter((name) => name !== 'default');
        const contents = `const whole = require(${JSON.stringify(path)});
          export default whole;
          export const { ${names.join(', ')} } = whole;`;
        return { contents, resolveDir: dirname(path) };
      });
    },
  };
}

async function isModule(file) {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const about = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined);
    if (about !== undefined) return JSON.parse(about).type === 'module';
  }
  return false;
}

/** Parts first, entries last, each by rename: a Victor started in the middle finds a whole bundle, old or new. */
async function writeBundle(outputFiles) {
  const program = join(outputDirectory, 'program');
  await mkdir(program, { recursive: true });
  const isEntry = ({ path }) => /[\\/](index|library|query|mcp-sdk|acp|entries)\.js(on)?$/.test(path);
  for (const file of [...outputFiles.filter((file) => !isEntry(file)), ...outputFiles.filter(isEntry)]) {
    const temporary = `${file.path}.${process.pid}.tmp`;
    await writeFile(temporary, file.contents);
    await rename(temporary, file.path);
  }
  const written = new Set(outputFiles.map(({ path }) => path));
  for (const folder of [outputDirectory, program]) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      // The temporary files may belong to another build that runs right now.
      if (entry.isFile() && !written.has(path) && !path.endsWith('.tmp')) await rm(path, { force: true });
    }
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
  await keepPublicTypes(output);
}

/** The bundle of the MCP SDK, and the one of what speaks ACP, stand beside the others and are imported from there. */
function apartFromTheRest() {
  return {
    name: 'apart from the rest',
    setup(esbuild) {
      esbuild.onResolve({ filter: /^\.\/sdk\.js$/ }, ({ kind, importer }) =>
        kind === 'dynamic-import' && /[\\/]mcp[\\/][^\\/]+$/.test(importer)
          ? { path: './mcp-sdk.js', external: true }
          : undefined,
      );
      esbuild.onResolve({ filter: /\/acp\/index\.js$/ }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: './acp.js', external: true } : undefined,
      );
      // Victor passes on what servers say of their input, and compiles none of it to code.
      esbuild.onLoad({ filter: /[\\/]modelcontextprotocol[\\/]sdk[\\/].*[\\/]ajv-provider\.js$/ }, () => ({
        contents: 'export class AjvJsonSchemaValidator {}',
      }));
    },
  };
}

/** Ink's devtools are only for a DEV variable. */
function withoutTheUnused() {
  const unused = /^(react-devtools-core|\.\/devtools\.js)$/;
  return {
    name: 'without the unused',
    setup(esbuild) {
      esbuild.onResolve({ filter: unused }, ({ path }) => ({ path, namespace: 'empty' }));
      esbuild.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'export default {}' }));
    },
  };
}

/**
 * The SDKs make headers and look for forms with the global classes, and the first touch of one loads all of Node's own
 * fetch, which nothing here uses: 25 ms.
 */
function classesOfTheSdks() {
  const headers = JSON.stringify(join(root, 'src/http/headers.ts'));
  const classes = `import { HttpHeaders as Headers } from ${headers};\nclass FormData {}\n`;
  return {
    name: 'classes of the SDKs',
    setup(esbuild) {
      esbuild.onLoad({ filter: /(@anthropic-ai[\\/]sdk|openai)[\\/].*\.mjs$/ }, async ({ path }) => {
        const contents = await readFile(path, 'utf8');
        const uses = /(instanceof|new) (Headers|FormData)\b/.test(contents);
        return { contents: uses ? classes + contents : contents };
      });
    },
  };
}

/** What the licences of the bundled packages ask for: their texts, once each. */
async function thirdPartyLicenses(metafiles) {
  const packages = new Set();
  for (const input of metafiles.flatMap(({ inputs }) => Object.keys(inputs))) {
    const match = /^([^:]*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
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
