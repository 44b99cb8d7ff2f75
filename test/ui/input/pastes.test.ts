import { describe, expect, it } from 'vitest';
import { cells } from '../../../src/ui/break-rows.js';
import {
  type InputAction,
  type InputState,
  initialInput,
  reduceInput,
  textOf,
} from '../../../src/ui/input-state.js';
import { createKeyParser } from '../../../src/ui/keys.js';
import { visibleInput } from '../../../src/ui/visible-input.js';

const lines = (count: number) => Array.from({ length: count }, (_, line) => `line ${line}`).join('\n');

function inputOf(...actions: readonly InputAction[]): InputState {
  return actions.reduce(reduceInput, initialInput());
}

function rows(state: InputState, columns = 60): readonly string[] {
  return visibleInput(state, columns, 8).rows;
}

describe('a large paste', () => {
  const paste = { type: 'paste', text: lines(120) } as const;
  const around = [{ type: 'insert', text: 'see ' }, paste, { type: 'insert', text: ' there' }] as const;

  it('is shown as a label and sent as its text, in its place', () => {
    const state = inputOf(...around);
    expect(rows(state)).toEqual(['see [Pasted text #1 · 120 lines] there']);
    expect(textOf(state)).toBe(`see ${lines(120)} there`);
  });

  it('of one long line says how long it is; a small one stays text', () => {
    const long = inputOf({ type: 'paste', text: 'x'.repeat(4_096) });
    expect(rows(long)).toEqual(['[Pasted text #1 · 4096 characters]']);
    const small = inputOf({ type: 'paste', text: lines(8) });
    expect(small.text).toBe(lines(8));
    expect(small.pastes).toEqual([]);
  });

  it('is one character to the cursor and to whatever deletes, cuts and undoes', () => {
    const state = inputOf(...around, { type: 'line-start' }, { type: 'word-right' }, { type: 'right' });
    const label = '[Pasted text #1 · 120 lines]';
    const end = (input: InputState) => visibleInput(input, 60, 8).cursorColumn;
    const behind = reduceInput(state, { type: 'right' });
    expect([end(state), end(behind)]).toEqual([4, 4 + cells(label)]);
    expect(end(reduceInput(behind, { type: 'left' }))).toBe(4);
    expect(textOf(reduceInput(behind, { type: 'delete-left' }))).toBe('see  there');
    expect(textOf(reduceInput(state, { type: 'delete-right' }))).toBe('see  there');
    const cut = reduceInput(behind, { type: 'kill-word-left' });
    expect(textOf(cut)).toBe('see  there');
    expect(textOf(reduceInput(cut, { type: 'yank' }))).toBe(`see ${lines(120)} there`);
    expect(textOf(reduceInput(cut, { type: 'undo' }))).toBe(`see ${lines(120)} there`);
    expect(rows(reduceInput(state, { type: 'word-right' }))).toEqual([`see ${label} there`]);
  });

  it('is one word with the mark that is typed behind it', () => {
    const state = inputOf(paste, { type: 'insert', text: '\u0301' }, { type: 'line-start' });
    expect([state.cursor, reduceInput(state, { type: 'word-right' }).cursor]).toEqual([0, 2]);
  });

  it('is kept as long as there is room; of one that had to go the history says so, and nothing takes its place', () => {
    const large = (mark: string) => ({ type: 'paste', text: `${mark}\n${'x'.repeat(3_000_000)}` }) as const;
    const sent = (state: InputState) => reduceInput(state, { type: 'remember', text: state.text });
    let state = sent(inputOf({ type: 'insert', text: 'one ' }, large('1')));
    state = sent(reduceInput(state, large('2')));
    state = reduceInput(state, large('3'));
    expect(state.history[0]).toBe('one [Pasted text #1 · 2 lines, kept no longer]');
    expect(textOf({ ...state, text: state.history[1]! })).toBe(large('2').text);
    expect(textOf(state)).toBe(large('3').text);
    expect(rows(state)).toEqual(['[Pasted text #3 · 2 lines]']);
    expect(state.pastes.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThan(8_000_000);
  });

  it('that is in the input, in a step of undoing or in what was cut is never forgotten', () => {
    const large = (mark: string) => ({ type: 'paste', text: `${mark}\n${'x'.repeat(3_000_000)}` }) as const;
    let state = inputOf(large('1'), { type: 'kill-line-start' }, large('2'), large('3'), large('4'));
    expect(textOf(state)).toBe([2, 3, 4].map((mark) => large(String(mark)).text).join(''));
    state = reduceInput(state, { type: 'yank' });
    expect(textOf(state)).toMatch(/1\nx+$/);
  });

  it('may be the 1,025th: the place of an older one that only the history has becomes free', () => {
    let state = inputOf();
    for (let count = 1; count <= 1_030; count += 1) {
      state = reduceInput(state, { type: 'paste', text: `paste ${count}\n${lines(9)}` });
      if (count % 2 === 0) state = reduceInput(state, { type: 'remember', text: state.text });
    }
    const sent = state.history.map((text) => textOf({ ...state, text }));
    const numbers = sent.map((text) =>
      [...text.matchAll(/(?:paste |#)(\d+)/g)].map(([, number]) => Number(number)),
    );
    expect(numbers).toEqual(sent.map((_, index) => [2 * index + 1, 2 * index + 2]));
    expect(sent.filter((text) => text.includes('kept no longer]'))).toEqual(sent.slice(0, 3));
  });

  it('has a number of its own, and two of them stand side by side', () => {
    const state = inputOf(
      paste,
      { type: 'paste', text: lines(9) },
      { type: 'left' },
      { type: 'insert', text: '|' },
    );
    expect(rows(state)).toEqual(['[Pasted text #1 · 120 lines]|[Pasted text #2 · 9 lines]']);
    expect(textOf(state)).toBe(`${lines(120)}|${lines(9)}`);
  });

  it('cannot be made by hand: its label is text, and its placeholder comes through no key and no paste', () => {
    const label = '[Pasted text #1 · 120 lines]';
    const forged = reduceInput(inputOf(paste), { type: 'paste', text: `${label}\udc00` });
    expect(textOf(forged)).toBe(lines(120) + label);
    expect(textOf(reduceInput(inputOf(paste), { type: 'insert', text: '\udc00' }))).toBe(lines(120));
    expect(createKeyParser().push('\u001b[56320u\u001b[200~\udc00\u001b[201~\udc00')).toEqual([]);
  });

  it('moves the cursor up and down past it, though its label is broken over rows', () => {
    const state = inputOf({ type: 'insert', text: 'a\n' }, paste, { type: 'insert', text: '\nb' });
    let up = state;
    const places = new Set<number>();
    for (let step = 0; step < 8; step += 1) {
      up = reduceInput(up, { type: 'up', columns: 10 });
      places.add(up.cursor);
    }
    expect(up.cursor).toBe(1);
    let down = up;
    for (let step = 0; step < 8; step += 1) down = reduceInput(down, { type: 'down', columns: 10 });
    expect(down.cursor).toBe(state.text.length);
    expect(places.size).toBeGreaterThan(1);
  });

  it('is the same label again in the history, and when a message with it was not sent after all', () => {
    const written = inputOf(...around);
    const sent = reduceInput(written, { type: 'remember', text: written.text });
    expect(rows(reduceInput(sent, { type: 'history-up' }))).toEqual(rows(written));
    const back = reduceInput(sent, { type: 'recall', texts: [textOf(written), 'and more'] });
    expect(rows(back)).toEqual([...rows(written), 'and more']);
    expect(textOf(back)).toBe(`${textOf(written)}\nand more`);
  });

  it('keeps its label where an external editor left it alone', () => {
    const written = inputOf(...around);
    const changed = reduceInput(written, { type: 'edited', text: `Look: ${textOf(written)}!` });
    expect(rows(changed)).toEqual(['Look: see [Pasted text #1 · 120 lines] there!']);
    expect(textOf(changed)).toBe(`Look: ${textOf(written)}!`);
    expect(textOf(reduceInput(written, { type: 'edited', text: 'line 1' }))).toBe('line 1');
  });
});

it('U06 a megabyte with line ends, escapes and an end marker in it is one insert and safe', () => {
  const content = `first\r\n\u001b[31mred\u001b[0m\u001b]0;title\u0007\n${'x'.repeat(1_000_000)}\nlast`;
  const parser = createKeyParser();
  const keys = [...parser.push(`\u001b[200~${content}\u001b[201~\r\u001b[201~`), ...parser.flush()];
  expect(keys.map(({ type }) => type)).toEqual(['paste']);
  const [key] = keys;
  const state = key?.type === 'paste' ? inputOf({ type: 'paste', text: key.text }) : initialInput();
  expect(rows(state)).toEqual(['[Pasted text #1 · 4 lines]']);
  expect(textOf(state)).toBe(`first\nred\n${'x'.repeat(1_000_000)}\nlast\n`);
});
