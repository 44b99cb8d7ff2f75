import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, extname, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildFailure, BuildOptions, Loader, OnResolveArgs, Plugin } from 'esbuild';
import { ExtensionError } from '../core/errors.js';
import { resolvePackage } from './resolve-package.js';

type Exports = Readonly<Record<string, unknown>>;
type Esbuild = typeof import('esbuild');

/**
 * Runs a TypeScript file that the user trusts, and answers its exports. The file and what it imports by a relative path
 * are compiled into one module in a private folder, which is removed again; packages stay outside and are those of
 * the file's own folder, and `victor-agent` is the Victor that runs. Where esbuild was left out of the installation,
 * Node itself or tsx runs the file. Throws what the file throws, and `ExtensionError` when it cannot be compiled.
 */
export async function importTypeScript(file: string): Promise<Exports> {
  const esbuild = await findEsbuild();
  if (!esbuild) return importWithoutEsbuild(file);
  const code = await compile(esbuild, file);
  const folder = mkdtempSync(join(tmpdir(), 'victor-'));
  try {
    const module = join(folder, 'extension.mjs');
    writeFileSync(module, code, { mode: 0o600, flag: 'wx' });
    // Errors then name the lines of the source; the map is inside the code, so that it outlives the folder.
    process.setSourceMapsEnabled(true);
    return (await import(pathToFileURL(module).href)) as Exports;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function findEsbuild(): Promise<Esbuild | undefined> {
  try {
    return await import('esbuild');
  } catch {
    return undefined;
  }
}

async function compile(esbuild: Esbuild, file: string): Promise<string> {
  const folder = dirname(file);
  const source = JSON.stringify(pathToFileURL(file).href);
  const options: BuildOptions = {
    entryPoints: [file],
    absWorkingDir: folder,
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: `node${process.versions.node}`,
    sourcemap: 'inline',
    logLevel: 'silent',
    // Each module is given these by `ownPlace`: the extension still finds the files beside its source.
    define: {
      'import.meta.url': '__sourceUrl',
      'import.meta.dirname': '__sourceFolder',
      'import.meta.filename': '__sourceFile',
      __dirname: '__sourceFolder',
      __filename: '__sourceFile',
    },
    banner: {
      js: `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(${source});`,
    },
    plugins: [packagesOutside, ownPlace],
  };
  try {
    const { outputFiles } = await esbuild.build(options);
    return outputFiles![0]!.text;
  } catch (error) {
    throw compileError(error, file);
  }
}

/** Packages are loaded by Node from where they are installed: compiling them in would make second copies of them. */
const packagesOutside: Plugin = {
  name: 'packages outside',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, async (asked) => {
      const { path, kind, importer, resolveDir, pluginData } = asked;
      if (kind === 'entry-point' || pluginData === 'asked') return undefined;
      if (isBuiltin(path)) return { path, external: true };
      if (path === 'victor-agent') {
        const running = runningVictor();
        if (running) return { path: address(running, asked), external: true };
      }
      // Also finds what a tsconfig.json or the `imports` of a package.json call by a name of their own.
      const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: 'asked' });
      if (found.errors.length === 0) {
        if (found.external || !found.path.includes(`${sep}node_modules${sep}`)) return found;
        return { path: address(found.path, asked), external: true };
      }
      // An extension outside any project can describe its options all the same.
      const own = path === 'zod' ? resolvePackage('zod', import.meta.dirname) : undefined;
      return own === undefined ? undefined : { path: address(own, asked), external: true };
    });
  },
};

/** As `import` or `require` takes it. */
function address(file: string, { kind }: OnResolveArgs): string {
  return kind.startsWith('require') ? file : pathToFileURL(file).href;
}

/** The library that belongs to the running program: beside the bundle, or what was built from these sources. */
function runningVictor(): string | undefined {
  const places = ['index.js', '../../dist/index.js'].map((place) => resolve(import.meta.dirname, place));
  return places.find((place) => existsSync(place));
}

const loaders: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
};

const ownPlace: Plugin = {
  name: 'own place',
  setup(build) {
    build.onLoad({ filter: /\.([mc]?[jt]s|tsx)$/, namespace: 'file' }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const place = [pathToFileURL(path).href, dirname(path), path].map((one) => JSON.stringify(one));
      const given = `const __sourceUrl = ${place[0]}, __sourceFolder = ${place[1]}, __sourceFile = ${place[2]}; `;
      // On the first line, so that every line keeps its number; a line for the shell must stay the first.
      const contents = text.startsWith('#!') ? text.replace('\n', `\n${given}`) : given + text;
      return { contents, loader: loaders[extname(path)]! };
    });
  },
};

function compileError(error: unknown, file: string): ExtensionError {
  const [first] = (error as Partial<BuildFailure> | null)?.errors ?? [];
  const text = first?.text ?? (error instanceof Error ? error.message : String(error));
  const { location } = first ?? {};
  const place = location ? `${resolve(dirname(file), location.file)}:${location.line}` : file;
  return new ExtensionError(`${place}: ${text}`, {
    advice: 'Correct that line.',
    cause: error,
    reason: 'broken',
  });
}

async function importWithoutEsbuild(file: string): Promise<Exports> {
  const { href } = pathToFileURL(file);
  const loader = resolvePackage('tsx/esm/api', import.meta.dirname) ?? resolvePackage('tsx/esm/api', file);
  if (loader === undefined) {
    const what = `${file} is TypeScript, and esbuild, which compiles it, is not installed with Victor`;
    throw new ExtensionError(what, {
      advice:
        'Install Victor again with all its dependencies, install tsx in that project, or write the file in JavaScript.',
      reason: 'broken',
    });
  }
  const { tsImport } = (await import(pathToFileURL(loader).href)) as {
    tsImport(address: string, options: { parentURL: string }): Promise<Exports>;
  };
  return tsImport(href, { parentURL: href });
}
