/**
 * Ink builds every frame cell by cell: an object for each, its styles compared with those of the cell before it. In the bundle
 * a row onto which one text was written is that text, and of texts that stand side by side their row is made of them; only
 * where texts overlap or are clipped, cells decide. Styled texts are still written as Ink would, once for all frames.
 */
import { readFile } from 'node:fs/promises';
import { replaced } from './replaced.mjs';

const ink = { package: 'ink', script: 'whole-rows-of-ink.mjs' };

/** Styled texts whose rows are remembered: more than a frame has. */
export const mostRows = 256;

const added = `
const styledRows = new Map();
const style = /[\\u001b\\u009b]/;

function rowOf(line, caches) {
    let row = styledRows.get(line);
    if (row === undefined) {
        const characters = caches.getStyledChars(line);
        const columns = characters.reduce((sum, { value }) => sum + Math.max(1, caches.getStringWidth(value)), 0);
        row = { text: styledCharsToString(characters), columns };
        if (styledRows.size >= ${mostRows})
            styledRows.clear();
        styledRows.set(line, row);
    }
    return row;
}

function besides(texts, caches) {
    let row = '';
    let columns = 0;
    for (const { x, line } of texts) {
        if (x < columns)
            return undefined;
        const { text, columns: own } = rowOf(line, caches);
        row += ' '.repeat(x - columns) + text;
        columns = x + own;
    }
    return row;
}

function wholeRows({ height, operations, caches }) {
    const rows = Array.from({ length: height }, () => []);
    for (const { type, x, y, text, transformers } of operations) {
        if (type !== 'write')
            return undefined;
        for (const [index, written] of text.split('\\n').entries()) {
            const line = transformers.reduce((changed, transformer) => transformer(changed, index), written);
            rows[y + index]?.push({ x, line });
        }
    }
    const written = [];
    for (const texts of rows) {
        const [first] = texts;
        const isPlain = texts.length === 1 && first.x >= 0 && !style.test(first.line);
        const row = isPlain ? ' '.repeat(first.x) + first.line : besides(texts, caches);
        if (row === undefined)
            return undefined;
        written.push(row.trimEnd());
    }
    return { output: written.join('\\n'), height };
}
`;

/** Of `output.js`. */
export function wholeRows(source) {
  const first = `get() {
        const whole = wholeRows(this);
        if (whole)
            return whole;`;
  return `${replaced(source, 'get() {', first, ink)}\n${added}`;
}

export function wholeRowsOfInk() {
  return {
    name: 'whole rows of Ink',
    setup(esbuild) {
      esbuild.onLoad({ filter: /[\\/]ink[\\/]build[\\/]output\.js$/ }, async (file) => ({
        contents: wholeRows(await readFile(file.path, 'utf8')),
      }));
    },
  };
}
