import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { forgettingMeasures, forgettingWraps, mostTexts } from '../../scripts/forgetting-ink.mjs';
import { temporaryDirectory } from '../helpers/run-victor.js';

const folder = dirname(createRequire(import.meta.url).resolve('ink'));

/** A module of Ink as it is bundled, with `more` at its end. */
async function bundled(name: string, transform: (source: string) => string, more: string) {
  const contents = `${transform(await readFile(join(folder, name), 'utf8'))}\n${more}`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  const file = join(temporaryDirectory(), 'module.mjs');
  await writeFile(file, outputFiles[0]!.contents);
  return import(pathToFileURL(file).href);
}

describe('Ink as it is bundled', () => {
  it('keeps the size of the texts of the last frames, and of no others', async () => {
    const kept = 'export const kept = () => cache.size;';
    const { default: measure, kept: count } = await bundled('measure-text.js', forgettingMeasures, kept);
    for (let next = 1; next <= 10 * mostTexts; next += 1) {
      expect(measure(`text ${next}\nin two rows`)).toEqual({ width: 11, height: 2 });
      expect(count()).toBeLessThanOrEqual(mostTexts);
    }
    expect(measure('text\n日本')).toBe(measure('text\n日本'));
  });

  it('keeps no text that it wrapped', async () => {
    const kept = 'export const kept = () => Object.keys(cache).length;';
    const { default: wrap, kept: count } = await bundled('wrap-text.js', forgettingWraps, kept);
    expect(wrap('a text that is too long', 10, 'wrap')).toBe('a text \nthat is \ntoo long');
    expect(wrap('a text that is too long', 10, 'truncate')).toBe('a text th…');
    expect(count()).toBe(0);
  });

  it('fails the build where Ink no longer has what is replaced', () => {
    expect(() => forgettingMeasures('export default 1;')).toThrow('ink has changed');
    expect(() => forgettingWraps('export default 1;')).toThrow('ink has changed');
  });
});
