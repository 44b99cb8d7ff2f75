import { describe, expect, it } from 'vitest';
import { approvalDetails } from '../../src/ui/approval-details.js';
import { clip, displayable, dollars, duration, oneLine, tokenCount } from '../../src/ui/displayable.js';
import { diffLines } from '../../src/ui/line-diff.js';
import { styleLines } from '../../src/ui/markdown-lines.js';
import { plainText } from '../../src/ui/spans.js';

describe('light Markdown', () => {
  const styles = (text: string, fenced = false) =>
    styleLines(text, fenced).map(({ spans }) => spans.map(({ text: part, style }) => `${style}:${part}`));

  it.each([
    ['plain text', [['plain:plain text']]],
    ['## A heading', [['bold:## A heading']]],
    ['use `npm ci` **now**', [['plain:use ', 'code:`npm ci`', 'plain: ', 'bold:**now**']]],
    ['an *em* word', [['plain:an ', 'italic:*em*', 'plain: word']]],
    ['2 * 3 * 4 and a ** b', [['plain:2 * 3 * 4 and a ** b']]],
    ['an open `tick', [['plain:an open `tick']]],
    ['``a ` b``', [['code:``a ` b``']]],
    ['* item', [['plain:* item']]],
  ])('styles %j', (text, expected) => {
    expect(styles(text)).toEqual(expected);
  });

  it('leaves code as it is until the fence closes', () => {
    expect(styles('```ts\n**a** # b\n```\n**c**')).toEqual([
      ['dim:```ts'],
      ['plain:**a** # b'],
      ['dim:```'],
      ['bold:**c**'],
    ]);
    expect(styles('**a**\n```\n**b**', true)).toEqual([['plain:**a**'], ['dim:```'], ['bold:**b**']]);
  });

  it('shows every character of what it styles', () => {
    const text = 'a `b` **c** *d* `` e ` f `` ** g';
    expect(styleLines(text, false).map(({ spans }) => plainText(spans))).toEqual([text]);
  });
});

describe('the lines of a change', () => {
  const shown = (before: string | null, after: string, context?: number) =>
    diffLines(before, after, context).map(
      ({ kind, text }) => `${{ same: ' ', added: '+', removed: '-' }[kind]}${text}`,
    );

  it.each([
    ['a\nb\nc\n', 'a\nB\nc\n', [' a', '-b', '+B', ' c']],
    [null, 'new\nfile\n', ['+new', '+file']],
    ['a\nb\n', '', ['-a', '-b']],
    ['same\n', 'same\n', []],
    ['a\nb\nc\nd\ne\n', 'a\nX\nc\nY\ne\n', [' a', '-b', '+X', ' c', '-d', '+Y', ' e']],
    ['a\r\nb\r\n', 'a\r\nc\r\n', [' a', '-b', '+c']],
  ])('from %j to %j', (before, after, expected) => {
    expect(shown(before, after)).toEqual(expected);
  });

  it('of a huge rewrite are found at once, removed before added', () => {
    const before = Array.from({ length: 5_000 }, (_, line) => `old ${line}`).join('\n');
    const after = Array.from({ length: 5_000 }, (_, line) => `new ${line}`).join('\n');
    expect(diffLines(before, after)).toHaveLength(10_000);
  });
});

describe('the details of a call that asks', () => {
  const details = (name: string, input: Record<string, unknown>) =>
    approvalDetails({ id: '1', name, input }).map((row) => row.map(({ text }) => text).join(''));

  it('are the whole command, every line of it', () => {
    expect(details('Bash', { command: 'cd x &&\n  rm -rf y', timeoutMs: 5 })).toEqual([
      '  cd x &&',
      '    rm -rf y',
      '  timeoutMs: 5',
    ]);
  });

  it('are the path and the change of an edit', () => {
    expect(details('Edit', { path: 'a.ts', oldText: 'one\ntwo', newText: 'one\n2' })).toEqual([
      '  path: a.ts',
      '  one',
      '- two',
      '+ 2',
    ]);
  });

  it('are the path and every line of a new file', () => {
    expect(details('Write', { path: 'a.ts', content: 'one\ntwo\n' })).toEqual([
      '  path: a.ts',
      '+ one',
      '+ two',
      '+ ',
    ]);
  });

  it('leave out nothing of tools that nobody knows, and hide nothing in control characters', () => {
    expect(details('Deploy', { target: 'prod\u001b[2K\u202e', list: [1, { deep: true }] })).toEqual([
      '  target: prod',
      '  list: [1,{"deep":true}]',
    ]);
    const invalid = { id: '1', name: 'Bash', input: {}, invalidInput: '{"command": "rm' };
    expect(approvalDetails(invalid).map(plainText)).toEqual(['  {"command": "rm']);
  });
});

describe('small texts', () => {
  it('are clipped by cells, never inside a character', () => {
    expect(clip('hello', 5)).toBe('hello');
    expect(clip('hello', 4)).toBe('hel…');
    expect(clip('漢字漢', 4)).toBe('漢…');
    expect(clip('👩‍🚀👩‍🚀', 3)).toBe('👩‍🚀…');
    expect(clip('abc', 0)).toBe('');
  });

  it('stand on one line, safe and with their line ends marked', () => {
    expect(oneLine('  a\n  b\u001b[2J\tc ')).toBe('a ⏎ b    c');
    expect(displayable('a\tb\u0007')).toBe('a    b');
  });

  it('give numbers the way people read them', () => {
    expect([400, 9_940, 59_900, 125_000].map(duration)).toEqual(['0.4 s', '9.9 s', '59 s', '2 min 5 s']);
    expect([0.00123, 0.5, 12.345].map(dollars)).toEqual(['$0.0012', '$0.5000', '$12.35']);
    expect([999, 1_000, 12_345, 200_000, 1_500_000].map(tokenCount)).toEqual([
      '999',
      '1k',
      '12.3k',
      '200k',
      '1.5M',
    ]);
  });
});
