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
      ['• do', '  sh', '      ls', '• done'],
    ],
    ['bars in code', '```\n| a | b |\n|---|---|\n```', ['  | a | b |', '  |---|---|']],
    ['a bar that is no table', '| grep x', ['| grep x']],
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
        fc.pre(!/```.*\n+```/.test(lines.join('\n')));
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
