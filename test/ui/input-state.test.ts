import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphemes } from '../../src/ui/graphemes.js';
import { type InputAction, type InputState, initialInput, reduceInput } from '../../src/ui/input-state.js';

type Name = Exclude<
  InputAction['type'],
  | 'insert'
  | 'paste'
  | 'set'
  | 'replace'
  | 'edited'
  | 'recall'
  | 'prepend-history'
  | 'remember'
  | 'show-history'
>;

function named(type: Name, columns = 80): InputAction {
  return type === 'up' || type === 'down' ? { type, columns } : { type };
}

/** The editor with its cursor shown as `|`. */
function shown({ text, cursor }: InputState): string {
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

function editor(marked: string, history: readonly string[] = []): InputState {
  const cursor = marked.indexOf('|');
  return { ...initialInput(history), text: marked.replace('|', ''), cursor };
}

/** Where the cursor may stand, as Intl.Segmenter sees the whole text. */
function boundaries(text: string): number[] {
  const ends = [0];
  for (const character of graphemes(text)) ends.push((ends.at(-1) ?? 0) + character.length);
  return ends;
}

function run(state: InputState, ...names: readonly Name[]): InputState {
  return names.reduce<InputState>((before, type) => reduceInput(before, named(type)), state);
}

describe('the line editor', () => {
  it('replaces a range and puts the cursor behind it', () => {
    const state = reduceInput(editor('see @src| here'), {
      type: 'replace',
      start: 4,
      end: 8,
      text: '@src/a.ts',
    });
    expect(shown(state)).toBe('see @src/a.ts| here');
  });

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
    ['one two|', ['kill-word-left', 'left', 'kill-word-left', 'text-end', 'yank', 'yank-older'], ' two|'],
    ['one two|', ['kill-word-left', 'left', 'kill-word-left', 'yank', 'yank-older', 'yank-older'], 'one| '],
    ['one two|', ['kill-word-left', 'yank', 'left', 'yank-older'], 'one tw|o'],
    ['abc|', ['yank'], 'abc|'],
    ['a|b', ['transpose'], 'ba|'],
    ['ab|', ['transpose', 'transpose'], 'ab|'],
    ['x👩‍🚀|é', ['transpose'], 'xé👩‍🚀|'],
    ['a\n|b', ['transpose'], 'a\n|b'],
    ['a|\nbc', ['transpose'], 'a|\nbc'],
    ['|one two', ['word-in-capitals', 'word-capitalized'], 'ONE Two|'],
    ['o|NE Two', ['word-in-small', 'word-in-small'], 'one two|'],
    ['|, élan!', ['word-capitalized'], ', Élan|!'],
    ['|straße', ['word-in-capitals', 'undo'], '|straße'],
    ['one|', ['word-in-capitals'], 'one|'],
    ['one\ntw|o', ['text-start'], '|one\ntwo'],
    ['o|ne\ntwo', ['text-end'], 'one\ntwo|'],
    ['abc|', ['clear'], '|'],
    ['abc|', ['clear', 'undo'], 'abc|'],
    ['one two|', ['kill-word-left', 'kill-word-left', 'undo'], 'one |'],
    ['one two|', ['kill-word-left', 'kill-word-left', 'undo', 'undo', 'redo'], 'one |'],
    ['one|', ['delete-left', 'delete-left', 'undo'], 'one|'],
    ['one|', ['delete-left', 'undo', 'kill-line-start', 'redo'], '|'],
    ['one|', ['undo', 'redo'], 'one|'],
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

  it('U08 has no carriage return in it: a line feed that comes behind one makes no character to stand in', () => {
    const typed = [
      { type: 'insert', text: '\ra' },
      { type: 'left' },
      { type: 'insert', text: '\n' },
      { type: 'left' },
    ] as const;
    const shownAfter = typed.map((_, index) =>
      shown(typed.slice(0, index + 1).reduce(reduceInput, initialInput())),
    );
    expect(shownAfter).toEqual(['\na|', '\n|a', '\n\n|a', '\n|\na']);
    const lines = 'one\r\ntwo\rthree\n';
    const plain = 'one\ntwo\nthree\n|';
    expect(shown(reduceInput(editor('|'), { type: 'insert', text: lines }))).toBe(plain);
    expect(shown(reduceInput(editor('|'), { type: 'set', text: lines }))).toBe(plain);
    expect(shown(run(reduceInput(editor('|'), { type: 'remember', text: lines }), 'up'))).toBe(plain);
    expect(shown(run(initialInput([lines]), 'up'))).toBe(plain);
  });

  it.each([
    ['a sign that joins with the digit behind it', '\u06001\u0301'],
    ['more marks than a window is wide', `e${'\u0301'.repeat(300)}`],
    ['an odd flag behind many', `${'🇩🇪'.repeat(200)}🇩`],
  ])('U08 moves over %s as it is drawn', (_, characters) => {
    const text = `x${characters}y`;
    const stops = [text.length];
    let state: InputState = { ...initialInput(), text, cursor: text.length };
    while (state.cursor > 0) {
      state = reduceInput(state, { type: 'left' });
      stops.unshift(state.cursor);
    }
    expect(stops).toEqual(boundaries(text));
    while (state.cursor < text.length) {
      state = reduceInput(state, { type: 'right' });
      expect(stops).toContain(state.cursor);
    }
  });

  it('walks the history and comes back to the draft', () => {
    const state = editor('draft|', ['first', 'second']);
    expect(shown(run(state, 'up'))).toBe('second|');
    expect(shown(run(state, 'up', 'up', 'up'))).toBe('first|');
    expect(shown(run(state, 'up', 'up', 'down', 'down', 'down'))).toBe('draft|');
  });

  it('goes to the oldest message from the start of the input, and back to the draft from its end', () => {
    const state = editor('dra|ft', ['first', 'second']);
    expect(shown(run(state, 'text-start'))).toBe('|draft');
    expect(shown(run(state, 'text-start', 'text-start'))).toBe('first|');
    expect(shown(run(state, 'text-start', 'text-start', 'text-end'))).toBe('draft|');
  });

  it.each<readonly [start: string, types: readonly ('up' | 'down')[], end: string]>([
    ['hello big wor|ld', ['up'], 'hel|lo big world'],
    ['hel|lo big world', ['down'], 'hello big wor|ld'],
    ['hello big world\nsh|ort', ['up'], 'hello big wo|rld\nshort'],
    ['hello big world\nsh|ort', ['up', 'up'], 'he|llo big world\nshort'],
    ['a\nhello| big', ['up', 'down'], 'a\nhello| big'],
    ['漢字|漢字漢字', ['down'], '漢字漢字漢字|'],
    ['0123456789|', ['up'], '|0123456789'],
    ['01234567|89a', ['down'], '0123456789a|'],
  ])('moves by the rows that are seen: %j after %j is %j', (start, types, end) => {
    const moved = types.reduce((state, type) => reduceInput(state, { type, columns: 10 }), editor(start));
    expect(shown(moved)).toBe(end);
  });

  it('goes into the history from the first row that is seen and not from the first line', () => {
    const up = { type: 'up', columns: 10 } as const;
    const once = reduceInput(editor('hello big world|', ['before']), up);
    expect(shown(once)).toBe('hello| big world');
    expect(shown(reduceInput(once, up))).toBe('before|');
  });

  it('takes a word back at a time, and nothing of what was sent', () => {
    const type = (state: InputState, text: string) =>
      [...text].reduce((before, letter) => reduceInput(before, { type: 'insert', text: letter }), state);
    const typed = type(initialInput(), 'one two');
    expect(shown(run(typed, 'undo'))).toBe('one |');
    expect(shown(run(typed, 'undo', 'undo', 'undo'))).toBe('|');
    expect(shown(run(typed, 'undo', 'undo', 'redo', 'redo'))).toBe('one two|');
    const sent = reduceInput(typed, { type: 'remember', text: typed.text });
    expect(shown(run(sent, 'undo'))).toBe('|');
    expect(run(sent, 'up').text).toBe('one two');
  });

  it('keeps no more steps and kills than it needs', () => {
    let state = initialInput();
    for (let index = 0; index < 300; index += 1) {
      state = reduceInput(reduceInput(state, { type: 'insert', text: ` ${index}` }), {
        type: 'kill-word-left',
      });
      state = reduceInput(state, { type: 'left' });
    }
    expect(state.undo).toHaveLength(100);
    expect(state.killed).toHaveLength(10);
    let huge = reduceInput(initialInput(), { type: 'set', text: 'x'.repeat(1_000_000) });
    for (let index = 0; index < 20; index += 1) huge = reduceInput(huge, { type: 'transpose' });
    for (let index = 0; index < 20; index += 1) huge = reduceInput(huge, { type: 'insert', text: ' ' });
    expect(huge.undo).toHaveLength(3);
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
      'yank-older',
      'transpose',
      'word-in-capitals',
      'word-in-small',
      'word-capitalized',
      'text-start',
      'text-end',
      'history-up',
      'history-down',
      'undo',
      'redo',
      'clear',
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
      // Joins with what follows it, ASCII too.
      '\u0600',
      '1️⃣',
      'क्षि',
    );
    const action = fc.oneof(
      fc.constantFrom(...names).map((type) => named(type, 6)),
      fc
        .array(piece, { maxLength: 4 })
        .map((pieces): InputAction => ({ type: 'insert', text: pieces.join('') })),
      fc.constantFrom('x\n'.repeat(20), 'two\nlines').map((text): InputAction => ({ type: 'paste', text })),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        let state = initialInput(['old line', 'with 🇩🇪\nand more']);
        for (const one of actions) {
          state = reduceInput(state, one);
          expect(state.text).not.toContain('\r');
          expect(boundaries(state.text)).toContain(state.cursor);
        }
      }),
      { numRuns: 500 },
    );
  });
});
