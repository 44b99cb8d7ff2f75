import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import * as fc from 'fast-check';
import stringWidth from 'string-width';
import { beforeAll, describe, expect, it } from 'vitest';
import { fasterStringWidth, fasterYoga, narrow } from '../../scripts/faster-first-frame.mjs';
import { temporaryDirectory } from '../helpers/run-victor.js';

const source = createRequire(import.meta.url).resolve('string-width');

describe('the measuring of texts as it is bundled', () => {
  let faster: typeof stringWidth;

  beforeAll(async () => {
    const file = join(temporaryDirectory('victor-width-'), 'width.mjs');
    const contents = fasterStringWidth(await readFile(source, 'utf8'));
    const stdin = { contents, resolveDir: join(source, '..') };
    const { outputFiles } = await build({ stdin, bundle: true, format: 'esm', write: false });
    await writeFile(file, outputFiles[0]!.contents);
    ({ default: faster } = await import(pathToFileURL(file).href));
  });

  it('gives each character that it does not look at the width it had: one cell', () => {
    const characters = Array.from({ length: 0x1_0000 }, (_, code) => String.fromCharCode(code));
    const known = characters.filter((character) => new RegExp(`[${narrow}]`).test(character));
    expect(known.length).toBeGreaterThan(1_000);
    expect(known.filter((character) => stringWidth(character) !== 1)).toEqual([]);
  });

  it('gives texts of these, of others and of both the width they had', () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.constantFrom(
          ...'aé…❯✓│⠋█',
          '\ufe0f',
          '\u200d',
          '\u0301',
          '日',
          '👩',
          '🇩',
          '\u001b[1m',
          '#',
          '\u20e3',
        ),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      ),
    });
    fc.assert(
      fc.property(text, fc.boolean(), (value, ambiguousIsNarrow) => {
        expect(faster(value, { ambiguousIsNarrow })).toBe(stringWidth(value, { ambiguousIsNarrow }));
      }),
      { numRuns: 3_000, seed: 20_261_129 },
    );
  });

  it('refuses a package in which it does not find what it replaces', () => {
    expect(() => fasterStringWidth('export default 1;')).toThrow('string-width has changed');
    expect(() => fasterYoga('export default 1;')).toThrow('yoga-layout has changed');
  });
});
