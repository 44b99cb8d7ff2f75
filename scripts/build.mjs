/**
 * Builds dist/: one split ESM bundle for the command line and the library, and the type declarations.
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
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outputDirectory = join(root, 'dist');
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const { build, formatMessages } = await import('esbuild').catch(() => {
  // npm runs `prepare` also where development dependencies are left out; what was built before serves there.
  const built = existsSync(join(outputDirectory, 'cli.js'));
  console.error(
    `build: esbuild is not installed, so ${built ? 'dist/ stays as it is' : 'there is no dist/'}.`,
  );
  process.exit(built ? 0 : 1);
});

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
    entryPoints: { index: 'src/index.ts', cli: 'src/cli/main.ts' },
    outdir: outputDirectory,
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
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
    plugins: [withoutTheUnused(), namedExportsOfCommonJs(), classesOfTheSdks()],
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

/** Chunks first, entries last, each by rename: a Victor started in the middle finds a whole bundle, old or new. */
async function writeBundle(outputFiles) {
  await mkdir(outputDirectory, { recursive: true });
  const isEntry = (file) => /^(index|cli)\.js$/.test(relative(outputDirectory, file.path));
  for (const file of [...outputFiles.filter((file) => !isEntry(file)), ...outputFiles.filter(isEntry)]) {
    const temporary = `${file.path}.${process.pid}.tmp`;
    await writeFile(temporary, file.contents);
    await rename(temporary, file.path);
  }
  const written = new Set(outputFiles.map((file) => relative(outputDirectory, file.path)));
  for (const entry of await readdir(outputDirectory, { withFileTypes: true })) {
    // The temporary files may belong to another build that runs right now.
    const stale = entry.isFile() && !written.has(entry.name) && !entry.name.endsWith('.tmp');
    if (stale) await rm(join(outputDirectory, entry.name), { force: true });
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
async function thirdPartyLicenses(metafile) {
  const packages = new Set();
  for (const input of Object.keys(metafile.inputs)) {
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
