/**
 * What the packages under the terminal interface do while they load, or with the first text they see, and the chat then
 * waits for. Each is changed in the bundle only; a package that no longer has what is replaced fails the build.
 */
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { changed, replaced } from './replaced.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const script = 'faster-first-frame.mjs';
const stringWidth = { package: 'string-width', script };

/**
 * Characters that take one cell and join with no neighbour: Latin, and the signs that Victor draws with. Others are measured as
 * before.
 */
export const narrow =
  '\\u0020-\\u007E\\u00A1-\\u00AC\\u00AE-\\u02FF\\u2010-\\u2027\\u2030-\\u203A\\u2190-\\u2193\\u2298\\u2500-\\u25A0\\u25CB\\u25CF\\u2610\\u2713\\u2717\\u276F\\u2800-\\u28FF';

/** A segmenter of Intl takes up to 30 ms to make, and the pattern of all emoji 20 ms to compile. */
export function fasterStringWidth(source) {
  const lazily = replaced(
    source,
    'const segmenter = new Intl.Segmenter();',
    'let made;\nconst segmenter = { segment: text => (made ??= new Intl.Segmenter()).segment(text) };',
    stringWidth,
  );
  return replaced(
    lazily,
    'if (/^[\\u0020-\\u007E]*$/.test(string)) {',
    `if (ambiguousIsNarrow ? /^[${narrow}]*$/.test(string) : /^[\\u0020-\\u007E]*$/.test(string)) {`,
    stringWidth,
  );
}

/** The layout engine asks the global `fetch` for what it has in its own text, and the first touch of that loads all of Node's: 40 ms. */
export function fasterYoga(source) {
  if (!source.includes('"function"!=typeof fetch')) throw changed('yoga-layout', script);
  return `const fetch = undefined;\n${source}`;
}

export function fasterFirstFrame() {
  return {
    name: 'faster first frame',
    setup(esbuild) {
      // One version for all: an older one under another package has a pattern of its own.
      esbuild.onResolve({ filter: /^string-width$/ }, ({ pluginData, kind }) =>
        pluginData === 'resolved'
          ? undefined
          : esbuild.resolve('string-width', { kind, resolveDir: root, pluginData: 'resolved' }),
      );
      const faster = (transform) => async (file) => ({
        contents: transform(await readFile(file.path, 'utf8')),
      });
      esbuild.onLoad({ filter: /[\\/]string-width[\\/]index\.js$/ }, faster(fasterStringWidth));
      esbuild.onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, faster(fasterYoga));
    },
  };
}
