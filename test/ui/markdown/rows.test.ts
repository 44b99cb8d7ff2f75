import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VictorEvent } from '../../../src/core/event.js';
import { append, type Block, drain, initialState, reduce, type State } from '../../../src/state.js';
import { cells } from '../../../src/ui/break-rows.js';
import { markdownRows } from '../../../src/ui/markdown/rows.js';
import { plainText } from '../../../src/ui/spans.js';
import { splitBlock } from '../../../src/ui/split-block.js';

const drawn = (text: string, columns = 40, fence = '') =>
  markdownRows(text, { columns, fence }).map((row) => plainText(row));

describe('Markdown on the screen', () => {
  it.each([
    ['a heading', '## A `b` heading ##', ['A b heading']],
    ['no heading', '#include <x>', ['#include <x>']],
    ['bullets', '- one\n* two\n  + three', ['• one', '• two', '  • three']],
    ['numbers', '1. one\n10) ten', ['1. one', '10) ten']],
    ['tasks', '- [ ] open\n- [x] done', ['☐ open', '☑ done']],
    ['a quote', '> said **so**\n>> twice', ['│ said so', '│ │ twice']],
    ['a quote in a list', '- do\n  > said\n    > more', ['• do', '  │ said', '    │ more']],
    ['a heading of two lines', 'Title\n=====', ['Title', '─'.repeat(40)]],
    ['a rule', '---', ['─'.repeat(40)]],
    ['empty lines', 'a\n\nb', ['a', '', 'b']],
    ['code without its fence', '```ts\nlet a = "**b**";\n```\nend', ['  ts', '  let a = "**b**";', 'end']],
    ['code without a language', '~~~\n  # no heading\n~~~', ['    # no heading']],
    [
      'a fence inside a longer one',
      '````md\n```sh\nls\n```\n````\n**x**',
      ['  md', '  ```sh', '  ls', '  ```', 'x'],
    ],
    [
      'a fence inside a list',
      '- do\n    ```sh\n    ls\n    ```\n- done',
      ['• do', '      sh', '      ls', '• done'],
    ],
    ['bars in code', '```\n| a | b |\n|---|---|\n```', ['  | a | b |', '  |---|---|']],
    ['a bar that is no table', '| grep x', ['| grep x']],
    ['tasks with numbers', '1. [ ] open\n2. [x] done', ['1. ☐ open', '2. ☑ done']],
    [
      'code in a quote',
      '> ```ts\n> let a;\n>\n>   b\n> ```\n> said',
      ['│   ts', '│   let a;', '│   ', '│     b', '│ said'],
    ],
    ['code in a quote in a quote', '> > ~~~\n> > a > b\n> > ~~~\n> c', ['│ │   a > b', '│ c']],
    ['code that ends with its quote', '> ```\n> ls\n**x**\n\n> **y**', ['│   ls', 'x', '', '│ y']],
    ['code that an empty line ends with its quote', '> ```\n> ls\n\n> **y**', ['│   ls', '', '│ y']],
    ['a fence of no quote in code of one', '> ```\n> ls\n```\n**x**\n```', ['│   ls', '  **x**']],
    ['a quote in code', '```\n> ls\n> ```\n```', ['  > ls', '  > ```']],
    [
      'code in a list in a quote',
      '> - do\n>   ```sh\n>   ls\n>   ```\n> - done',
      ['│ • do', '│     sh', '│     ls', '│ • done'],
    ],
    ['code in a quote in a list', '- do\n  > ```sh\n  > ls\n  > ```', ['• do', '  │   sh', '  │   ls']],
    [
      'an item that begins with code',
      '- ```sh\n  ls\n  ```\n1. ```\n   a\n   ```',
      ['• sh', '    ls', '1. ', '     a'],
    ],
    [
      'a table in a quote',
      '> | a | b |\n> |---|---|\n> | 1 | 2 |\n> end',
      ['│ a │ b', '│ ──┼──', '│ 1 │ 2', '│ end'],
    ],
    [
      'tables in quotes of two depths',
      '> | a | b |\n> |---|---|\n> > | c | d |\n> > |---|---|',
      ['│ a │ b', '│ ──┼──', '│ │ c │ d', '│ │ ──┼──'],
    ],
    [
      'a table in a list',
      '- do\n\n    | a | b |\n    |---|---|\n    | 1 | 2 |',
      ['• do', '', '    a │ b', '    ──┼──', '    1 │ 2'],
    ],
    ['a bar in a quote that is no table', '> | grep x', ['│ | grep x']],
    [
      'lines that end by two spaces, a backslash or a mark',
      '- a  \n- b\\\n- c<br>d',
      ['• a', '• b', '• c', '  d'],
    ],
    ['a definition of a link', '[docs]: <https://a.b/c> "Title"', ['[docs]: https://a.b/c "Title"']],
    ['a footnote', '[^1]: **said** elsewhere', ['[^1]: said elsewhere']],
  ])('%s', (_, text, rows) => {
    expect(drawn(text)).toEqual(rows);
  });

  it('breaks prose at words, under the text of its list item or quote', () => {
    expect(drawn('- one two three four\n> five six seven', 12)).toEqual([
      '• one two',
      '  three four',
      '│ five six',
      '│ seven',
    ]);
  });

  it('breaks code anywhere, and marks what goes on', () => {
    expect(drawn('const value = 1;', 12, '```')).toEqual(['  const valu', '↪ e = 1;']);
  });

  it('breaks the code of a quote behind its bar, and shows it without one where there is no room', () => {
    expect(drawn('> ```\n> const value = 1;\n> ```', 14)).toEqual(['│   const valu', '│ ↪ e = 1;']);
    expect(drawn('> ```\n> ab\n> ```', 8)).toEqual(['  ab']);
  });

  it('starts inside the code of a quote where it is told so', () => {
    expect(drawn('> **code**\n> ```\n> **bold**', 40, '>```')).toEqual(['│   **code**', '│ bold']);
  });

  it('says to whoever listens where code in a quote begins and ends', () => {
    const rows = markdownRows('> ```ts\n> a\n> ```', { columns: 40, spoken: true });
    expect(rows.map(plainText)).toEqual(['>   code ts', '>   a', '>   end of code']);
  });

  it('starts inside a fence where it is told so', () => {
    expect(drawn('**code**\n```\n**bold**', 40, '```')).toEqual(['  **code**', 'bold']);
  });
});

const line = fc.constantFrom(
  'words **bold** and `code` that are longer than a row',
  '',
  '# Title',
  '- item',
  '> quoted',
  '| a | b |',
  '|---|---|',
  '| **long cell** | 漢字 |',
  '```ts',
  '```',
  '````',
  'const a = "a long line of code that will be broken";',
  '---',
  '1. first',
  '👩‍🚀 [link](https://example.org/x)',
  '> ```py',
  '> ```',
  '> plain or **code**',
  '> > ~~~',
  '> > inner',
  '>',
  '> | a | b |',
  '> |---|---|',
  '  | in | a list |',
  '  |---|---|',
  '- ```sh',
  '  ```',
  '~~struck~~ and a hard break\\',
  '[text][docs] and one<br>two',
  '[docs]: https://example.org/docs',
  '- [x] done',
);

function say(state: State, text: string): State {
  return reduce(state, { type: 'text-delta', text, id: '1', sessionId: 's', timestamp: 0 } as VictorEvent);
}

function rowsOf(blocks: readonly Block[], most: number): string[] {
  const pieces = blocks.flatMap((block) => splitBlock(block, most));
  return pieces.flatMap((one) => (one.kind === 'answer' ? drawn(one.text, 30, one.fence) : []));
}

describe('an answer that streams in', () => {
  it('is printed as it would be whole, whatever the chunks, the frames and the pieces', () => {
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 25 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 30 })),
        fc.infiniteStream(fc.boolean()),
        fc.integer({ min: 30, max: 60 }),
        (lines, sizes, frames, most) => {
          const text = `${lines.join('\n')}\nend`;
          let state = initialState();
          const blocks: Block[] = [];
          const frame = () => {
            const taken = drain(state);
            state = taken.state;
            blocks.push(...taken.blocks);
          };
          for (let at = 0; at < text.length; ) {
            const size = sizes.next().value ?? 1;
            state = say(state, text.slice(at, at + size));
            at += size;
            if (frames.next().value) frame();
          }
          state = append(state, { kind: 'notice', level: 'info', text: '' });
          frame();
          expect(rowsOf(blocks, most)).toEqual(drawn(text.replace(/^\n+/, ''), 30));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('holds a table back until it ends, and then prints it whole', () => {
    let state = say(initialState(), 'Before.\n| a | b |\n|---|---|\n| 1 |');
    expect(drain(state).blocks).toMatchObject([{ text: 'Before.' }]);
    state = say(drain(state).state, ' wide cell |\n');
    expect(drain(state).blocks).toEqual([]);
    state = say(state, 'After');
    expect(drain(state).blocks).toEqual([]);
    state = say(state, '.\n');
    expect(drain(state).blocks).toMatchObject([{ text: '| a | b |\n|---|---|\n| 1 | wide cell |\nAfter.' }]);
  });

  it('never prints lines that show nothing or just a gap: Ink would leave them out', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), (lines) => {
        // An empty block of code is nothing in itself.
        fc.pre(!/(```|~~~).*\n+[> ]*(```|~~~)/.test(lines.join('\n')));
        let state = initialState();
        for (const one of lines) {
          const taken = drain(say(state, `${one}\n`));
          state = taken.state;
          for (const block of taken.blocks) {
            const rows = block.kind === 'answer' ? drawn(block.text, 30, block.fence) : [];
            expect(rows.join('') !== '' || (rows.length === 0 && !block.gap)).toBe(true);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('keeps a line too long for one piece in the code and the quote that it stands in, whatever the chunks', () => {
    const text = `> \`\`\`\n> ${'word '.repeat(2_000)}\n> \`\`\`\n> **said**\n`;
    const whole = say(initialState(), text);
    for (const size of [1, 997, 4_001]) {
      let state = initialState();
      for (let at = 0; at < text.length; at += size) state = say(state, text.slice(at, at + size));
      expect(state.live).toEqual(whole.live);
    }
    const rows = drawn(whole.live.finished.slice(0, -1), 80);
    expect(rows.pop()).toBe('│ said');
    const code = rows.map((row) => row.replace(/^│ ( {2}|↪ )/, ''));
    expect(code.join('')).toBe('word '.repeat(2_000));
  });

  it('does not hold a table for ever', () => {
    const state = say(initialState(), `| a | b |\n|---|---|\n${'| 1 | 2 |\n'.repeat(10_000)}`);
    expect(state.live.held.length).toBeLessThan(20_000);
    expect(drain(state).blocks[0]).toMatchObject({ kind: 'answer' });
  });

  it('never passes the edge, whatever the width', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.integer({ min: 4, max: 60 }), (lines, columns) => {
        for (const open of [true, false]) {
          const rows = markdownRows(lines.join('\n'), { columns, open });
          for (const row of rows) expect(cells(plainText(row))).toBeLessThanOrEqual(columns);
        }
      }),
      { numRuns: 500 },
    );
  });
});
