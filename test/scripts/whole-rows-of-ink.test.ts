import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { mostRows, wholeRows } from '../../scripts/whole-rows-of-ink.mjs';
import { temporaryDirectory } from '../helpers/run-victor.js';

const folder = dirname(createRequire(import.meta.url).resolve('ink'));

interface Written {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** `output.js` of Ink as it is bundled, or as it comes. */
async function outputOf(transform: (source: string) => string) {
  const source = await readFile(join(folder, 'output.js'), 'utf8');
  const more = `
    export const remembered = () => (typeof styledRows === 'undefined' ? 0 : styledRows.size);
    export const normalised = (row) => styledCharsToString(styledCharsFromTokens(tokenize(row)));`;
  const { outputFiles } = await build({
    stdin: { contents: `${transform(source)}\n${more}`, resolveDir: folder },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  const file = join(temporaryDirectory(), 'output.mjs');
  await writeFile(file, outputFiles[0]!.contents);
  const { default: Output, remembered, normalised } = await import(pathToFileURL(file).href);
  return {
    remembered: remembered as () => number,
    frame(texts: readonly Written[], clip?: object): { rows: readonly string[]; height: number } {
      const output = new Output({ width: 30, height: 6 });
      if (clip) output.clip(clip);
      for (const { x, y, text } of texts)
        output.write(x, y, text, {
          transformers: [(line: string, at: number) => (at === 1 ? `${line}!` : line)],
        });
      if (clip) output.unclip();
      const { output: written, height } = output.get();
      // The same look may be written in two ways, where a style ends and begins again.
      return { rows: written.split('\n').map(normalised), height };
    },
  };
}

describe('whole rows of Ink', () => {
  let ours: Awaited<ReturnType<typeof outputOf>>;
  let inks: Awaited<ReturnType<typeof outputOf>>;
  beforeAll(async () => {
    [ours, inks] = await Promise.all([outputOf(wholeRows), outputOf((source) => source)]);
  });

  const piece = fc.constantFrom(
    'word',
    ' ',
    '日本',
    '👩‍💻',
    'é',
    '\u001b[31mred\u001b[39m',
    '\u001b[1mbold \u001b[36mblue\u001b[39m\u001b[22m',
    '\u001b[41m  \u001b[49m',
    '\u001b]8;;https://example.com\u0007link\u001b]8;;\u0007',
    'x\ny',
    '\n',
  );
  const text = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''));
  const written = fc.record({ x: fc.nat(25), y: fc.nat(6), text });

  it('look as Ink draws them cell by cell, wherever texts stand and whatever they overlap', () => {
    fc.assert(
      fc.property(fc.array(written, { maxLength: 6 }), (texts) => {
        expect(ours.frame(texts)).toEqual(inks.frame(texts));
      }),
      { numRuns: 1_000 },
    );
  });

  it('are clipped as Ink clips them', () => {
    const clip = { x1: 2, x2: 8, y1: 1, y2: 3 };
    const texts = [{ x: 0, y: 0, text: 'a long text\nof several rows\n\u001b[31mand a third\u001b[39m' }];
    expect(ours.frame(texts, clip)).toEqual(inks.frame(texts, clip));
    expect(ours.frame(texts, clip).rows[1]).toBe('   several'.slice(0, 8));
  });

  it('remember the styled texts of the last frames, and no others', () => {
    for (let next = 0; next < 3 * mostRows; next += 1) {
      ours.frame([{ x: 0, y: 0, text: `\u001b[31mrow ${next}\u001b[39m` }]);
      expect(ours.remembered()).toBeLessThanOrEqual(mostRows);
    }
    expect(ours.remembered()).toBeGreaterThan(0);
  });

  it('fail the build where Ink no longer has what is replaced', () => {
    expect(() => wholeRows('export default 1;')).toThrow('ink has changed');
  });
});
