import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breakRows, cells } from '../../src/ui/break-rows.js';
import { boundaryAt, graphemes } from '../../src/ui/graphemes.js';
import { visibleInput } from '../../src/ui/visible-input.js';

function visible(text: string, cursor: number, columns: number, most: number) {
  return visibleInput({ text, cursor, pastes: [] }, columns, most);
}

const pieces = ['a', 'word ', '\n', '漢', '👩‍🚀', 'e\u0301', '\t', '🇩🇪', 'שלום', '½', '…', 'क्षि', '1️⃣', '각'];

describe('the visible part of the input', () => {
  it('shows a short text whole, with the cursor in it', () => {
    const view = visible('one\ntwo', 5, 20, 8);
    expect(view).toEqual({ rows: ['one', 'two'], cursorRow: 1, cursorColumn: 1, above: false, below: false });
  });

  it('wraps at the edge, and puts the cursor of a full row on the next', () => {
    expect(visible('abcdef', 4, 4, 8)).toMatchObject({
      rows: ['abcd', 'ef'],
      cursorRow: 1,
      cursorColumn: 0,
    });
    expect(visible('abcd', 4, 4, 8)).toMatchObject({
      rows: ['abcd', ''],
      cursorRow: 1,
      cursorColumn: 0,
    });
  });

  it.each([
    ['between the words', 'hello big world', 15, ['hello big ', 'world'], 1, 5],
    ['with the cursor at the start of the next row', 'hello big world', 10, ['hello big ', 'world'], 1, 0],
    [
      'with the cursor before the space that is not seen',
      'hello big1 world',
      10,
      ['hello big1', 'world'],
      0,
      9,
    ],
    ['inside a word that is too long', 'a abcdefghijkl', 14, ['a ', 'abcdefghij', 'kl'], 2, 2],
    ['after spaces of its own', '  abcdefghijkl', 0, ['  ', 'abcdefghij', 'kl'], 0, 0],
    ['with a space typed at the edge', 'hello big1 ', 11, ['hello big1', ''], 1, 0],
  ])('wraps at words: %s', (_, text, cursor, rows, cursorRow, cursorColumn) => {
    expect(visible(text, cursor, 10, 8)).toMatchObject({ rows, cursorRow, cursorColumn });
  });

  it('counts wide characters as two cells', () => {
    expect(visible('漢字', 1, 10, 8)).toMatchObject({ cursorColumn: 2 });
    expect(visible('漢字漢', 3, 5, 8)).toMatchObject({
      rows: ['漢字', '漢'],
      cursorRow: 1,
      cursorColumn: 2,
    });
  });

  it('shows the rows around the cursor of a long text and says where there is more', () => {
    const text = Array.from({ length: 50 }, (_, line) => `line ${line}`).join('\n');
    expect(visible(text, 0, 20, 3)).toMatchObject({
      rows: ['line 0', 'line 1', 'line 2'],
      above: false,
      below: true,
    });
    expect(visible(text, text.length, 20, 3)).toMatchObject({
      rows: ['line 47', 'line 48', 'line 49'],
      above: true,
      below: false,
    });
  });

  it('U08 keeps the cursor inside the rows it shows, whatever the text and the size', () => {
    const piece = fc.constantFrom(...pieces);
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 60 }),
        fc.nat(200),
        fc.integer({ min: 2, max: 30 }),
        fc.integer({ min: 1, max: 9 }),
        (chosen, at, columns, most) => {
          const text = chosen.join('');
          const cursor = boundaryAt(text, Math.min(at, text.length));
          const view = visible(text, cursor, columns, most);
          expect(view.rows.length).toBeGreaterThan(0);
          expect(view.rows.length).toBeLessThanOrEqual(most);
          expect(view.cursorRow).toBeGreaterThanOrEqual(0);
          expect(view.cursorRow).toBeLessThan(view.rows.length);
          expect(view.cursorColumn).toBeLessThan(columns);
          // What stands before the cursor in its row is what comes before it in the text.
          const before = graphemes(text.slice(0, cursor).replaceAll('\t', '→'));
          let width = 0;
          for (let index = before.length - 1; index >= 0 && width < view.cursorColumn; index -= 1) {
            width += cells(before[index] ?? '');
          }
          // On a space that hangs over the edge it stands on the last cell.
          const hangs = width === columns && text[cursor] === ' ';
          expect(hangs ? columns - 1 : width).toBe(view.cursorColumn);
          for (const row of view.rows) expect(cells(row)).toBeLessThanOrEqual(columns);
          expect(view.above).toBe(!text.startsWith(view.rows[0]?.replaceAll('→', '\t') ?? '') || view.above);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('rows of a line', () => {
  it.each([
    ['one two three', 8, 'words', ['one two', 'three']],
    ['one two three', 8, 'hard', ['one two ', 'three']],
    ['  indented text', 11, 'words', ['  indented', 'text']],
    ['averylongword short', 6, 'words', ['averyl', 'ongwor', 'd', 'short']],
    ['漢字漢字', 5, 'words', ['漢字', '漢字']],
    ['', 5, 'words', ['']],
  ] as const)('%j in %i cells by %s', (line, columns, how, expected) => {
    expect(breakRows(line, columns, how).map(({ start, end }) => line.slice(start, end))).toEqual(expected);
  });

  it('fit, lose nothing but spaces at breaks, and do not move when the line grows', () => {
    const piece = fc.constantFrom('a', 'bc', ' ', '  ', '漢', '👩‍🚀', 'longerword', '-');
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 40 }),
        piece,
        fc.integer({ min: 2, max: 20 }),
        (pieces, more, columns) => {
          const line = pieces.join('');
          const rows = breakRows(line, columns, 'words').map(({ start, end }) => line.slice(start, end));
          for (const row of rows) expect(cells(row)).toBeLessThanOrEqual(columns);
          expect(rows.join('').replaceAll(' ', '')).toBe(line.replaceAll(' ', ''));
          const longer = line + more;
          const grown = breakRows(longer, columns, 'words').map(({ start, end }) => longer.slice(start, end));
          expect(grown.slice(0, rows.length - 1)).toEqual(rows.slice(0, -1));
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
