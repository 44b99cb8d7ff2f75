import { describe, expect, it } from 'vitest';
import { cells } from '../../../src/ui/break-rows.js';
import { tableRows } from '../../../src/ui/markdown/table.js';
import { plainText } from '../../../src/ui/spans.js';

const drawn = (text: string, columns = 60, open = false) =>
  tableRows(text.split('\n'), { columns, open })?.map(plainText);

describe('a Markdown table', () => {
  it('has columns as wide as their widest cells, measured as the terminal shows them', () => {
    expect(drawn('| Name | 数 |\n|---|---|\n| a | 1 |\n| 漢字漢字 | 22 |')).toEqual([
      'Name     │ 数',
      '─────────┼───',
      'a        │ 1',
      '漢字漢字 │ 22',
    ]);
  });

  it('aligns as its second line says', () => {
    expect(drawn('| l | r | c |\n|:--|--:|:-:|\n| 1 | 2 | 3 |\n| long | long | long |')).toEqual(
      ['l    │    r │  c  ', '─────┼──────┼─────', '1    │    2 │  3  ', 'long │ long │ long'].map((row) =>
        row.trimEnd(),
      ),
    );
  });

  it('shows cells without their markers, and bars that belong to a cell', () => {
    expect(drawn('| What | How |\n|--|--|\n| **or** | `a | b` or a \\| b |')).toEqual([
      'What │ How',
      '─────┼───────────────',
      'or   │ a | b or a | b',
    ]);
  });

  it('that is too wide goes on in further rows of its cells, and never passes the edge', () => {
    const rows = drawn(
      '| Key | Meaning |\n|--|--|\n| a | some words that are longer than there is room |',
      24,
    );
    expect(rows).toEqual([
      'Key │ Meaning',
      '────┼───────────────────',
      'a   │ some words that',
      '    │ are longer than',
      '    │ there is room',
    ]);
    for (const row of rows ?? []) expect(cells(row)).toBeLessThanOrEqual(24);
  });

  it('without room for its columns is a list of its cells, each with the name of its column', () => {
    const text =
      '| Name | What it is for | Since |\n|--|--|--|\n| **tail** | the end | 1.0 |\n| head | the rest |';
    expect(drawn(text, 12)).toEqual([
      'Name: tail',
      'What it is',
      '  for: the',
      '  end',
      'Since: 1.0',
      '────────',
      'Name: head',
      'What it is',
      '  for: the',
      '  rest',
    ]);
  });

  it('without a second line of dashes is no table', () => {
    expect(drawn('| grep me')).toBeUndefined();
    expect(drawn('| a | b |\n| c |')).toBeUndefined();
  });

  it('fills short rows and keeps what is too much', () => {
    expect(drawn('| a | b |\n|--|--|\n| 1 |\n| 1 | 2 | 3 |')).toEqual([
      'a │ b │ ',
      '──┼───┼──',
      '1 │   │ ',
      '1 │ 2 │ 3',
    ]);
  });

  it('that is still coming is one from its first line on', () => {
    const text = '| Name | Size |\n|------|------|\n| a | 1 |';
    for (let end = 2; end <= text.length; end += 1) {
      expect(drawn(text.slice(0, end), 60, true)?.join('\n'), text.slice(0, end)).not.toContain('|');
    }
    expect(drawn('| Na', 60, true)).toEqual(['Na', '──']);
  });
});
