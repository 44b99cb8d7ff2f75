import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { approvalDetails } from '../../src/ui/approval-details.js';
import { changeRows } from '../../src/ui/change-rows.js';
import { diffHunks } from '../../src/ui/line-diff.js';
import { plainText } from '../../src/ui/spans.js';
import { changedParts } from '../../src/ui/word-diff.js';

/** Each changed line with its changed parts in brackets. */
function marked(before: string, after: string): string[] {
  return diffHunks(before, after, 0).flatMap((hunk) => {
    const parts = changedParts(hunk);
    return hunk.map(({ text }, index) =>
      (parts.get(index) ?? [{ text, changed: false }])
        .map((part) => (part.changed ? `[${part.text}]` : part.text))
        .join(''),
    );
  });
}

describe('the words that changed in a line', () => {
  it.each([
    [
      'one name',
      "return 'Hello ' + nam;",
      "return 'Hello ' + name;",
      ["return 'Hello ' + [nam];", "return 'Hello ' + [name];"],
    ],
    ['a number in a call', 'f(a, 10, b)', 'f(a, 20, b)', ['f(a, [10], b)', 'f(a, [20], b)']],
    [
      'words side by side',
      'the quick brown fox jumps',
      'the slow red fox jumps',
      ['the [quick brown] fox jumps', 'the [slow red] fox jumps'],
    ],
    ['what was put in', 'f(a)', 'f(a, b)', ['f(a)', 'f(a[, b])']],
    ['the indentation', '  return x;', '    return x;', ['[  ]return x;', '[    ]return x;']],
    ['other scripts', 'どこ 漢字 x', 'どこ 文字 x', ['どこ [漢字] x', 'どこ [文字] x']],
    [
      'nothing, where the lines have nothing in common',
      'const a = 1;',
      'import b from "c";',
      ['const a = 1;', 'import b from "c";'],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(marked(before, after)).toEqual(expected);
  });

  it('are marked in each of several lines, and in none where nobody knows which became which', () => {
    expect(marked('a = 1\nb = 2', 'a = 3\nb = 4')).toEqual(['a = [1]', 'b = [2]', 'a = [3]', 'b = [4]']);
    expect(marked('a = 1\nb = 2\nc = 3', 'a = 4\nb = 5')).toEqual([
      'a = 1',
      'b = 2',
      'c = 3',
      'a = 4',
      'b = 5',
    ]);
    expect(marked('a = call(1)', 'a = call(2)\nanother')).toEqual([
      'a = call([1])',
      'a = call([2])',
      'another',
    ]);
  });

  it('are not looked for in a line that is too long', () => {
    const line = 'word '.repeat(400);
    expect(marked(`${line}a`, `${line}b`)).toEqual([`${line}a`, `${line}b`]);
  });

  it('leave every line as it is', () => {
    const word = fc.constantFrom('a', 'bb', ' ', '  ', '(', ')', '漢', '👩‍🚀', '\t', '=');
    const text = fc.array(
      fc.array(word, { maxLength: 8 }).map((all) => all.join('')),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(text, text, (before, after) => {
        for (const hunk of diffHunks(before.join('\n'), after.join('\n'), 3)) {
          for (const [index, parts] of changedParts(hunk))
            expect(parts.map((part) => part.text).join('')).toBe(hunk[index]?.text);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('are marked in an edit before it is approved and after', () => {
    const change = { path: 'a.ts', before: 'let a = 1;\n', after: 'let a = 2;\n' };
    const call = { id: '1', name: 'Edit', input: { path: 'a.ts', oldText: 'a = 1', newText: 'a = 2' } };
    for (const rows of [approvalDetails(call, change), changeRows(change, '    '), approvalDetails(call)]) {
      const words = rows.flat().filter(({ style }) => style === 'removedWord' || style === 'addedWord');
      expect(words).toEqual([
        { text: '1', style: 'removedWord' },
        { text: '2', style: 'addedWord' },
      ]);
      expect(rows.map(plainText).some((row) => row.includes('+ '))).toBe(true);
    }
  });
});
