import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffHunks } from '../../src/ui/line-diff.js';

const signs = { same: ' ', added: '+', removed: '-' } as const;
const shown = (before: string | null, after: string, context = 1) =>
  diffHunks(before, after, context).map((hunk) => hunk.map(({ kind, text }) => `${signs[kind]}${text}`));

describe('the lines of a change', () => {
  it.each([
    ['a\nb\nc\n', 'a\nB\nc\n', [[' a', '-b', '+B', ' c']]],
    [null, 'new\nfile\n', [['+new', '+file']]],
    ['a\nb\n', '', [['-a', '-b']]],
    ['same\n', 'same\n', []],
    ['a\nb\nc\nd\ne\n', 'a\nX\nc\nY\ne\n', [[' a', '-b', '+X', ' c', '-d', '+Y', ' e']]],
    ['a\r\nb\r\n', 'a\r\nc\r\n', [[' a', '-b', '+c']]],
    [
      '1\n2\n3\n4\n5\n6\n7\n',
      'I\n2\n3\n4\n5\n6\nVII\n',
      [
        ['-1', '+I', ' 2'],
        [' 6', '-7', '+VII'],
      ],
    ],
  ])('from %j to %j', (before, after, expected) => {
    expect(shown(before, after)).toEqual(expected);
  });

  it('have the numbers that they have in their file', () => {
    const [hunk = []] = diffHunks('a\nb\nc\nd\n', 'a\nX\nY\nc\nd\n', 1);
    expect(hunk.map(({ line, text }) => `${line} ${text}`)).toEqual(['1 a', '2 b', '2 X', '3 Y', '4 c']);
  });

  it('of two far places in a huge file are just these', () => {
    const lines = Array.from({ length: 50_000 }, (_, line) => `line ${line}`);
    const after = lines.with(10, 'changed').with(49_990, 'changed too');
    expect(shown(lines.join('\n'), after.join('\n'), 0)).toEqual([
      ['-line 10', '+changed'],
      ['-line 49990', '+changed too'],
    ]);
  });

  it('of a huge rewrite are found at once, removed before added', () => {
    const before = Array.from({ length: 5_000 }, (_, line) => `old ${line}`).join('\n');
    const after = Array.from({ length: 5_000 }, (_, line) => `new ${line}`).join('\n');
    const used = process.cpuUsage();
    expect(diffHunks(before, after, 1).flat()).toHaveLength(10_000);
    // What is computed, not the time that passes while others compute.
    const { user, system } = process.cpuUsage(used);
    expect((user + system) / 1_000).toBeLessThan(1_000);
  });

  it('give back both texts, whatever changed', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 25 }).map((all) => all.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffHunks(before, after, 1_000).flat();
        if (lines.length === 0) return;
        const side = (left: 'added' | 'removed') =>
          lines.filter(({ kind }) => kind !== left).map((line) => line.text);
        const linesOf = (all: string) =>
          all
            .replace(/\n$/, '')
            .split('\n')
            .slice(all === '' ? 1 : 0);
        expect(side('added')).toEqual(linesOf(before));
        expect(side('removed')).toEqual(linesOf(after));
      }),
      { numRuns: 2_000 },
    );
  });
});
