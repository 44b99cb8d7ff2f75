import { statSync } from 'node:fs';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ExtensionError } from '../core/errors.js';
import { resolvePackage } from './resolve-package.js';

const typeScriptExtensions = new Set(['.ts', '.mts', '.cts', '.tsx']);

type Exports = Readonly<Record<string, unknown>>;

/**
 * Runs a JavaScript or TypeScript file that the user trusts, and answers its exports. A file that changed since the
 * last time is run again. Throws what the file throws, and `ExtensionError` when nothing here can run TypeScript.
 */
export async function importModule(file: string): Promise<Exports> {
  const address = pathToFileURL(file);
  if (typeScriptExtensions.has(extname(file)) && !nodeRunsTypeScript()) {
    return unwrap(await importTypeScript(file, address));
  }
  address.searchParams.set('changed', String(statSync(file).mtimeMs));
  return unwrap((await import(address.href)) as Exports);
}

/** A module that was compiled to CommonJS arrives as the default export of one that was not. */
function unwrap(exports: Exports): Exports {
  const inner = exports.default as { readonly __esModule?: unknown } | null | undefined;
  return typeof inner === 'object' && inner?.__esModule ? (inner as Exports) : exports;
}

function nodeRunsTypeScript(): boolean {
  return Boolean((process.features as { typescript?: unknown }).typescript);
}

async function importTypeScript(file: string, address: URL): Promise<Exports> {
  const loader = resolvePackage('tsx/esm/api', import.meta.dirname) ?? resolvePackage('tsx/esm/api', file);
  if (loader === undefined) {
    throw new ExtensionError(
      `${file} is TypeScript, which this Node (${process.version}) cannot run by itself`,
      {
        advice: 'Install tsx in that project (npm install --save-dev tsx), or write the file in JavaScript.',
        reason: 'broken',
      },
    );
  }
  const { tsImport } = (await import(pathToFileURL(loader).href)) as {
    tsImport(address: string, options: { parentURL: string }): Promise<Exports>;
  };
  return tsImport(address.href, { parentURL: address.href });
}
