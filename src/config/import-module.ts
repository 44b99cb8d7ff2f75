import { statSync } from 'node:fs';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';

const typeScriptExtensions = new Set(['.ts', '.mts', '.cts', '.tsx']);

type Exports = Readonly<Record<string, unknown>>;

/**
 * Runs a JavaScript or TypeScript file that the user trusts, and answers its exports. A file that changed since the
 * last time is run again. Throws what the file throws, and `ExtensionError` when TypeScript cannot be compiled.
 */
export async function importModule(file: string): Promise<Exports> {
  if (typeScriptExtensions.has(extname(file))) {
    const { importTypeScript } = await import('./import-typescript.js');
    return unwrap(await importTypeScript(file));
  }
  const address = pathToFileURL(file);
  address.searchParams.set('changed', String(statSync(file).mtimeMs));
  return unwrap((await import(address.href)) as Exports);
}

/** A module that was compiled to CommonJS arrives as the default export of one that was not. */
function unwrap(exports: Exports): Exports {
  const inner = exports.default as { readonly __esModule?: unknown } | null | undefined;
  return typeof inner === 'object' && inner?.__esModule ? (inner as Exports) : exports;
}
