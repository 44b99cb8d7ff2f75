/**
 * Ink keeps every text it ever measured or wrapped, for as long as the process runs: each row of a long chat, and every second
 * of its clock. In the bundle it keeps those of the last frames, so that a text that stays is still measured once.
 */
import { readFile } from 'node:fs/promises';
import { replaced } from './replaced.mjs';

const ink = { package: 'ink', script: 'forgetting-ink.mjs' };

/** More than a frame has; a block of the transcript is one text of at most some dozen rows. */
export const mostTexts = 64;

/** Of `measure-text.js`. */
export function forgettingMeasures(source) {
  const keep = 'cache.set(text, dimensions);';
  return replaced(source, keep, `if (cache.size >= ${mostTexts}) cache.clear();\n${keep}`, ink);
}

/** Of `wrap-text.js`. What Victor draws fits its row, so that nothing is wrapped twice. */
export function forgettingWraps(source) {
  return replaced(source, 'cache[cacheKey] = wrappedText;', '', ink);
}

export function forgettingInk() {
  return {
    name: 'forgetting Ink',
    setup(esbuild) {
      const forgetting = (transform) => async (file) => ({
        contents: transform(await readFile(file.path, 'utf8')),
      });
      esbuild.onLoad({ filter: /[\\/]ink[\\/]build[\\/]measure-text\.js$/ }, forgetting(forgettingMeasures));
      esbuild.onLoad({ filter: /[\\/]ink[\\/]build[\\/]wrap-text\.js$/ }, forgetting(forgettingWraps));
    },
  };
}
