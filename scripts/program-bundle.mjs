/**
 * The command line as CommonJS scripts, because Node 20 takes compiled code for those only (bin/load-program.js), made from
 * the modules that esbuild split it into: it splits nothing else.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { replaced } from './replaced.mjs';

const script = 'program-bundle.mjs';

/** The files of `dist/program`: one script for each module of the bundle, and which are its entries. */
export async function programOf({ outputFiles, metafile }, { banner, folder, transform }) {
  const modules = outputFiles.filter(({ path }) => path.endsWith('.js'));
  const names = new Set(modules.map(({ path }) => basename(path)));
  const scripts = await Promise.all(
    modules.map(async ({ path, text }) => {
      const { code, warnings } = await transform(withOwnImports(withoutBanner(text, banner, path), names), {
        format: 'cjs',
        platform: 'node',
        target: 'node20',
        charset: 'ascii',
        minifyWhitespace: true,
        minifySyntax: true,
        legalComments: 'none',
        define: {
          'import.meta.url': 'ownUrl',
          'import.meta.dirname': 'ownFolder',
        },
      });
      if (warnings.length > 0) throw new Error(`${path} is no script: ${warnings[0].text}`);
      // From a script it would be told of as experimental.
      const contents = code.replace(/(?<![`'"\w.$])import\(/g, 'importOutside(');
      return { path: join(folder, basename(path)), contents };
    }),
  );
  const build = createHash('sha256');
  for (const { path, contents } of [...scripts].sort((a, b) => (a.path < b.path ? -1 : 1)))
    build.update(`${path.length} ${basename(path)} ${contents.length}\n${contents}`);
  const entry = (source) => basename(entryOf(metafile, source));
  const entries = {
    main: entry('src/cli/main.ts'),
    index: entry('src/index.ts'),
    build: build.digest('base64url'),
  };
  return [...scripts, { path: join(folder, 'entries.json'), contents: `${JSON.stringify(entries)}\n` }];
}

function withoutBanner(text, banner, path) {
  if (!text.includes(banner)) throw new Error(`${path} does not begin as every module of the bundle does.`);
  return text.replace(banner, '');
}

/** An `import()` of a part of the program is done by who loads it; one of anything else stays. */
function withOwnImports(text, names) {
  return text.replace(/\bimport\("\.\/([^"]+)"\)/g, (whole, name) =>
    names.has(name) ? `loadOwn("./${name}")` : whole,
  );
}

function entryOf({ outputs }, source) {
  return Object.keys(outputs).find((output) => outputs[output].entryPoint === source);
}

/** What `index.js` exports: what the program has where it imports itself, else the library. */
export function sharedIndex({ metafile }) {
  const { exports } = metafile.outputs[entryOf(metafile, 'src/index.ts')];
  return `import * as library from './library.js';
const own = globalThis[Symbol.for(\`victor at \${new URL('.', import.meta.url).href.replace(/\\/$/, '')}\`)] ?? library;
export const { ${exports.join(', ')} } = own;
`;
}

/** A script can wait for nothing while it begins, so who loads it waits. */
export function withoutAwaiting() {
  const edits = [
    [/yoga-layout[\\/]dist[\\/]src[\\/]index\.js$/, yogaWithoutAwaiting],
    [/ink[\\/]build[\\/]reconciler\.js$/, inkWithoutDevtools],
  ];
  return {
    name: 'without awaiting',
    setup(esbuild) {
      for (const [filter, edit] of edits)
        esbuild.onLoad({ filter }, async ({ path }) => ({ contents: edit(await readFile(path, 'utf8')) }));
    },
  };
}

export function yogaWithoutAwaiting(source) {
  const yoga = { package: 'yoga-layout', script };
  const later = replaced(
    source,
    'const Yoga = wrapAssembly(await loadYoga());',
    `let Yoga;
(globalThis[Symbol.for('victor.pending')] ??= []).push(loadYoga().then(loaded => { Yoga = wrapAssembly(loaded); }));`,
    yoga,
  );
  return replaced(later, 'export default Yoga;', 'export { Yoga as default };', yoga);
}

/** They are only for a DEV variable, which the bundle does not know. */
export function inkWithoutDevtools(source) {
  const ink = { package: 'ink', script };
  const without = replaced(source, "await import('./devtools.js');", '', ink);
  return replaced(without, '? await loadPackageJson()', '? { name: undefined, version: undefined }', ink);
}
