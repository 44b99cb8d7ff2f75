import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphemes } from '../../src/ui/graphemes.js';
import { type InputAction, type InputState, initialInput, reduceInput } from '../../src/ui/input-state.js';

type Name = Exclude<InputAction['type'], 'insert' | 'set' | 'remember'>;

/** The editor with its cursor shown as `|`. */
function shown({ text, cursor }: InputState): string {
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

function editor(marked: string, history: readonly string[] = []): InputState {
  const cursor = marked.indexOf('|');
  return { ...initialInput(history), text: marked.replace('|', ''), cursor };
}

function run(state: InputState, ...names: readonly Name[]): InputState {
  return names.reduce<InputState>((before, type) => reduceInput(before, { type }), state);
}

describe('the line editor', () => {
  it.each<readonly [start: string, actions: readonly Name[], end: string]>([
    ['ab|c', ['left'], 'a|bc'],
    ['|abc', ['left'], '|abc'],
    ['abc|', ['right'], 'abc|'],
    ['one two| three', ['word-left'], 'one |two three'],
    ['one, two|', ['word-left', 'word-left'], '|one, two'],
    ['one| two three', ['word-right'], 'one two| three'],
    ['a\nbc|d\ne', ['line-start'], 'a\n|bcd\ne'],
    ['a\nbc|d\ne', ['line-end'], 'a\nbcd|\ne'],
    ['abcd\nef|\nghij', ['up'], 'ab|cd\nef\nghij'],
    ['abcd\nef|\nghij', ['down'], 'abcd\nef\ngh|ij'],
    ['abcd|\ne', ['down'], 'abcd\ne|'],
    ['ab|c', ['delete-left'], 'a|c'],
    ['ab|c', ['delete-right'], 'ab|'],
    ['|abc', ['delete-left'], '|abc'],
    ['one two|', ['kill-word-left'], 'one |'],
    ['one| two', ['kill-word-right'], 'one|'],
    ['on|e\ntwo', ['kill-line-end'], 'on|\ntwo'],
    ['on|\ntwo', ['kill-line-end'], 'on|two'],
    ['one\ntw|o', ['kill-line-start'], 'one\n|o'],
    ['one two three|', ['kill-word-left', 'kill-word-left', 'yank'], 'one two three|'],
    ['|one two', ['kill-word-right', 'kill-word-right', 'line-end', 'yank'], 'one two|'],
    ['one two|', ['kill-word-left', 'left', 'kill-word-left', 'yank'], 'one| '],
    ['abc|', ['clear'], '|'],
  ])('%j after %j is %j', (start, actions, end) => {
    expect(shown(run(editor(start), ...actions))).toBe(end);
  });

  it.each([
    ['a family of joined emoji', '👩‍👩‍👧‍👦'],
    ['a flag', '🇩🇪'],
    ['a decomposed accent', 'e\u0301'],
    ['a Hangul syllable of three letters', '\u1112\u1161\u11ab'],
    ['a surrogate pair', '𝒳'],
  ])('U08 moves over and deletes %s as one character', (_, character) => {
    expect(shown(run(editor(`x${character}|y`), 'left'))).toBe(`x|${character}y`);
    expect(shown(run(editor(`x|${character}y`), 'right'))).toBe(`x${character}|y`);
    expect(shown(run(editor(`x${character}|y`), 'delete-left'))).toBe('x|y');
    expect(shown(run(editor(`x|${character}y`), 'delete-right'))).toBe('x|y');
  });

  it('U08 stands after what joins with its neighbours', () => {
    const state = reduceInput(editor('e|x'), { type: 'insert', text: '\u0301' });
    expect(shown(state)).toBe('e\u0301|x');
    expect(shown(reduceInput(editor('|\u0301x'), { type: 'insert', text: 'e' }))).toBe('e\u0301|x');
  });

  it('walks the history and comes back to the draft', () => {
    const state = editor('draft|', ['first', 'second']);
    expect(shown(run(state, 'up'))).toBe('second|');
    expect(shown(run(state, 'up', 'up', 'up'))).toBe('first|');
    expect(shown(run(state, 'up', 'up', 'down', 'down', 'down'))).toBe('draft|');
  });

  it('remembers a message once, and not an empty one', () => {
    let state = initialInput([]);
    for (const text of ['a', 'a', '', 'b']) state = reduceInput(state, { type: 'remember', text });
    expect(state.history).toEqual(['a', 'b']);
  });

  it('U08 never lets the cursor leave the boundaries that Intl.Segmenter sees', () => {
    const names: readonly Name[] = [
      'left',
      'right',
      'word-left',
      'word-right',
      'line-start',
      'line-end',
      'up',
      'down',
      'delete-left',
      'delete-right',
      'kill-line-end',
      'kill-line-start',
      'kill-word-left',
      'kill-word-right',
      'yank',
    ];
    const piece = fc.constantFrom(
      'a',
      ' ',
      '\n',
      'é',
      'e\u0301',
      '\u0301',
      '👩‍🚀',
      '\u200d',
      '👩',
      '🇩',
      '🇪',
      '漢',
      'ש',
      '\r',
      '1️⃣',
      'क्षि',
    );
    const action = fc.oneof(
      fc.constantFrom(...names).map((type): InputAction => ({ type })),
      fc
        .array(piece, { maxLength: 4 })
        .map((pieces): InputAction => ({ type: 'insert', text: pieces.join('') })),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        let state = initialInput(['old line', 'with 🇩🇪\nand more']);
        for (const one of actions) {
          state = reduceInput(state, one);
          const ends = [0];
          for (const character of graphemes(state.text)) ends.push((ends.at(-1) ?? 0) + character.length);
          expect(ends).toContain(state.cursor);
        }
      }),
      { numRuns: 500 },
    );
  });
});
