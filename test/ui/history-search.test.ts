import { describe, expect, it } from 'vitest';
import { type HistorySearch, matchIn, newSearch, reduceSearch } from '../../src/ui/history-search.js';
import { initialInput, reduceInput } from '../../src/ui/input-state.js';
import { searchRows } from '../../src/ui/search-rows.js';
import { plainText } from '../../src/ui/spans.js';
import { createKeyboard } from './programs/keyboard.js';

const history = ['fix the parser', 'Run tests', 'fix the lexer', 'fix the lexer', 'run the tests again'];

/** The search after these steps: `older`, `newer`, or a query. */
function searched(...steps: readonly string[]): HistorySearch {
  return steps.reduce<HistorySearch>((search, step) => {
    if (step === 'older' || step === 'newer') return reduceSearch(search, { type: step }, history);
    return reduceSearch(search, { type: 'query', query: step }, history);
  }, newSearch);
}

describe('a search through earlier messages', () => {
  it.each<readonly [steps: readonly string[], found: number | undefined, failed: boolean]>([
    [['fix'], 3, false],
    [['fix', 'older'], 0, false],
    [['fix', 'older', 'older'], 0, true],
    [['fix', 'older', 'newer'], 2, false],
    [['fix', 'newer'], 3, true],
    [['fix', 'older', 'fix the l'], 3, false],
    [['fix', 'older', 'fix the'], 0, false],
    [['fix', 'older', 'fi'], 3, false],
    [['run', 'older'], 1, false],
    [['Run'], 1, false],
    [['run', 'runs'], undefined, true],
    [['.*'], undefined, true],
    [['older'], 4, false],
    [['older', 'older', 'older'], 1, false],
    [['fix', ''], undefined, false],
  ])('after %j is at %s', (steps, found, failed) => {
    expect(searched(...steps)).toMatchObject({ found, failed });
  });

  it('stays where it is when older messages come to the front, and finds in them what it did not find', () => {
    const grown = ['even older', ...history];
    expect(reduceSearch(searched('fix'), { type: 'grown', by: 1 }, grown).found).toBe(4);
    expect(reduceSearch(searched('even'), { type: 'grown', by: 1 }, grown)).toMatchObject({
      found: 0,
      failed: false,
    });
  });

  it('finds what was typed as it is, in letters of any case unless it has capitals', () => {
    expect(matchIn('İstanbul (a+b)', '(A+b)')).toBeUndefined();
    expect(matchIn('İstanbul (A+B)', '(a+b)')).toEqual({ start: 9, end: 14 });
    expect(matchIn('ÄRGER', 'är')).toEqual({ start: 0, end: 2 });
    expect(matchIn('a\\b-c/d', '\\b-c/')).toEqual({ start: 1, end: 6 });
  });
});

describe('what a search shows', () => {
  const long = `${'first line\n'.repeat(40)}the needle is here\n${'last line\n'.repeat(40)}`;

  it('is the message with its match marked, in few rows, whatever its size', () => {
    const input = initialInput([long]);
    const search = reduceSearch(newSearch, { type: 'query', query: 'needle' }, input.history);
    const rows = searchRows(search, input, 40, 20);
    expect(rows).toHaveLength(8);
    expect(rows.flat().filter(({ style }) => style === 'accent')).toEqual([
      { text: 'needle', style: 'accent' },
    ]);
    expect(rows.map(plainText)).toContain('the needle is here');
    for (const most of [1, 2, 3])
      expect(searchRows(search, input, 40, most).length).toBeLessThanOrEqual(most);
  });

  it('E01 controls nothing, and shows a large paste by its label', () => {
    const pasted = reduceInput(initialInput(['a\u001b[2Jb\u0007']), {
      type: 'paste',
      text: 'x\n'.repeat(50),
    });
    const input = reduceInput(pasted, { type: 'remember', text: pasted.text });
    const rowsAt = (found: number) => searchRows({ ...newSearch, found }, input, 40, 20).map(plainText);
    expect(rowsAt(0).at(-1)).toBe('a\ufffdb\ufffd');
    expect(rowsAt(1).at(-1)).toBe('[Pasted text #1 · 50 lines]');
  });
});

describe('Ctrl+R', () => {
  const open = '\u0012';

  it('narrows as one types, goes to older ones and back, and says its keys', () => {
    const keyboard = createKeyboard({ history });
    keyboard.type(`draft${open}fix`);
    expect(keyboard.rows().slice(0, 5)).toEqual([
      '',
      'Search earlier messages',
      'fix the lexer',
      '',
      '❯ fix',
    ]);
    expect(keyboard.rows()[5]).toMatch(
      /^Enter sends it · Tab takes it · Ctrl\+R older · Ctrl\+S newer · Ctrl\+G leaves$/,
    );
    keyboard.type(open);
    expect(keyboard.rows()).toContain('fix the parser');
    keyboard.type(open);
    expect(keyboard.rows()).toContain('No other earlier message has this');
    keyboard.type('\u0013');
    expect(keyboard.rows()).toContain('fix the lexer');
    keyboard.type('\u007f\u007f\u007fzzz');
    expect(keyboard.rows()).toContain('No earlier message has this');
  });

  it.each([
    ['Enter sends what was found', '\r', '', ['fix the lexer']],
    ['Escape takes it into the input', '\u001b', 'fix the lexer', []],
    ['Tab takes it into the input', '\t', 'fix the lexer', []],
    ['another key takes it and does what it always does', '\u0001>', '>fix the lexer', []],
    ['Ctrl+G leaves with the input as it was', '\u0007', 'draft', []],
    ['Ctrl+C leaves with the input as it was', '\u0003', 'draft', []],
    ['Backspace leaves when nothing is left of the query', '\u007f\u007f\u007f\u007f', 'draft', []],
  ])('%s', (_, keys, text, sent) => {
    const keyboard = createKeyboard({ history });
    keyboard.type(`draft${open}fix`);
    keyboard.type(keys);
    expect(keyboard.screen.search).toBeUndefined();
    expect(keyboard.screen.input.text).toBe(text);
    expect(keyboard.sent).toEqual(sent);
    expect(keyboard.did).toEqual([]);
  });

  it('sends the message that it shows, whatever was made of it in the input before', () => {
    const keyboard = createKeyboard({ history });
    keyboard.type(`\u001b[A and again${open}run\r`);
    expect(keyboard.sent).toEqual(['run the tests again']);
  });

  it('sends nothing when nothing was found', () => {
    const keyboard = createKeyboard({ history });
    keyboard.type(`draft${open}zzz\r`);
    expect([keyboard.screen.input.text, keyboard.sent]).toEqual(['draft', []]);
  });

  it('asks for older messages once, and finds them as soon as they are there', async () => {
    let asked = 0;
    const earlierPrompts = async () => {
      asked += 1;
      return ['zzz was long ago'];
    };
    const keyboard = createKeyboard({ history, earlierPrompts });
    keyboard.type('a');
    expect(asked).toBe(0);
    keyboard.type(`${open}zzz`);
    await new Promise(setImmediate);
    expect(keyboard.rows()).toContain('zzz was long ago');
    keyboard.type(`\t${open}`);
    expect(asked).toBe(1);
    expect(keyboard.screen.input.text).toBe('zzz was long ago');
    expect(keyboard.screen.input.draft).toBe('a');
  });

  it('has them for Up too, once the oldest one is reached', async () => {
    const keyboard = createKeyboard({ history: ['one'], earlierPrompts: async () => ['zero'] });
    keyboard.type('\u001b[A');
    await new Promise(setImmediate);
    keyboard.type('\u001b[A');
    expect(keyboard.screen.input.text).toBe('zero');
  });
});
