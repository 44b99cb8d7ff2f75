import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cells } from '../../src/ui/break-rows.js';
import { graphemes } from '../../src/ui/graphemes.js';
import { echoOf, lineAnew, type PlainLine } from '../../src/ui/plain-line.js';

/** A terminal that knows characters, backspaces and line ends: the last line and the column of the cursor. */
function shownBy(written: string): { text: string; column: number } {
  let row: string[] = [];
  let column = 0;
  for (const character of graphemes(written)) {
    if (character === '\b') column -= 1;
    else if (character === '\n') {
      row = [];
      column = 0;
    } else {
      row[column] = character;
      for (let more = 1; more < cells(character); more += 1) row[column + more] = '';
      column += cells(character);
    }
  }
  return {
    text: Array.from(row, (one) => one ?? ' ')
      .join('')
      .trimEnd(),
    column,
  };
}

const at = (text: string, cursor = text.length): PlainLine => ({ text, cursor });

describe('a line on a terminal that only prints', () => {
  it.each([
    ['what is typed is echoed, and nothing else', at('hel'), at('hello'), 'lo'],
    ['a character that is taken back', at('hello'), at('hell'), '\b \b'],
    ['a wide one', at('a漢'), at('a'), '\b \b\b \b'],
    ['the cursor to the left', at('hello'), at('hello', 2), '\b\b\b'],
    ['the cursor to the right', at('hello', 1), at('hello', 3), 'el'],
    ['nothing', at('hello'), at('hello'), ''],
  ])('%s', (_, shown, wanted, expected) => {
    expect(echoOf(shown, wanted, 80)).toBe(expected);
  });

  it('is written anew where that is not enough', () => {
    expect(echoOf(at('hello', 2), at('heXllo', 3), 80)).toBeUndefined();
    expect(echoOf(at('one'), at('one\ntwo'), 80)).toBeUndefined();
    expect(echoOf(at('x'.repeat(90)), at('x'.repeat(91)), 80)).toBeUndefined();
    expect(lineAnew(at('one\ntwo', 0), '> ')).toBe('> one\n  two');
    expect(lineAnew(at('hello', 2), '> ')).toBe('> hello\b\b\b');
  });

  it('is what is written, with the cursor in its place, whatever is done', () => {
    const character = fc.constantFrom('a', 'b', ' ', '漢', 'é');
    const edited = fc
      .array(character, { maxLength: 12 })
      .chain((all) =>
        fc
          .integer({ min: 0, max: all.length })
          .map((cursor) => at(all.join(''), all.slice(0, cursor).join('').length)),
      );
    fc.assert(
      fc.property(fc.array(edited, { minLength: 1, maxLength: 8 }), (states) => {
        let written = '';
        let shown: PlainLine | undefined;
        for (const wanted of states) {
          const echo = shown && echoOf(shown, wanted, 60);
          written += echo ?? `\n${lineAnew(wanted, '> ')}`;
          shown = wanted;
          const { text, column } = shownBy(written);
          expect(text).toBe(`> ${wanted.text}`.trimEnd());
          expect(column).toBe(2 + cells(wanted.text.slice(0, wanted.cursor)));
        }
      }),
      { numRuns: 500 },
    );
  });
});
