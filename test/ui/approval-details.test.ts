import { describe, expect, it } from 'vitest';
import type { FileChange } from '../../src/core/tool.js';
import { approvalDetails } from '../../src/ui/approval-details.js';
import { plainText } from '../../src/ui/spans.js';

const details = (name: string, input: Record<string, unknown>, change?: FileChange) =>
  approvalDetails({ id: '1', name, input }, change).map(plainText);

describe('the details of a call that asks', () => {
  it('are the whole command, every line of it', () => {
    expect(details('Bash', { command: 'cd x &&\n  rm -rf y', timeoutMs: 5 })).toEqual([
      '  cd x &&',
      '    rm -rf y',
      '  timeoutMs: 5',
    ]);
  });

  it('are what an edit changes in the file, with its lines around and their numbers', () => {
    const lines = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`);
    const before = `${lines.join('\n')}\n`;
    const change = {
      path: 'a.ts',
      before,
      after: before.replace('line 20', 'twenty').replace('line 38', '38'),
    };
    const input = { path: 'a.ts', oldText: 'line 20', newText: 'twenty', replaceAll: true };
    expect(details('Edit', input, change)).toEqual([
      '  path: a.ts',
      '  replaceAll: true',
      '  17   line 17',
      '  18   line 18',
      '  19   line 19',
      '  20 - line 20',
      '  20 + twenty',
      '  21   line 21',
      '  22   line 22',
      '  23   line 23',
      '   ⋮',
      '  35   line 35',
      '  36   line 36',
      '  37   line 37',
      '  38 - line 38',
      '  38 + 38',
      '  39   line 39',
      '  40   line 40',
    ]);
  });

  it('are what the model sent where nobody could look into the file', () => {
    expect(details('Edit', { path: '/etc/x', oldText: 'one\ntwo', newText: 'one\n2' })).toEqual([
      '  path: /etc/x',
      '  one',
      '- two',
      '+ 2',
    ]);
  });

  it('are both sides where only line ends differ', () => {
    expect(details('Edit', { path: '/x', oldText: 'a\n', newText: 'a' })).toEqual([
      '  path: /x',
      '- a',
      '- ',
      '+ a',
    ]);
  });

  it('are every line of a new file and not one more', () => {
    const content = 'hi\nthere\n';
    expect(details('Write', { path: 'a.ts', content })).toEqual(['  path: a.ts', '+ hi', '+ there']);
    const change = { path: 'a.ts', before: null, after: content };
    expect(details('Write', { path: 'a.ts', content }, change)).toEqual([
      '  path: a.ts',
      '  1 + hi',
      '  2 + there',
    ]);
  });

  it.each([
    [null, '', 'an empty file'],
    ['a\n', '', 'the file becomes empty'],
    ['a\n', 'a', 'no newline at the end'],
    ['a', 'a\n', 'a newline at the end'],
    ['a\r\nb\r\n', 'a\nb\n', 'only line ends change'],
  ])('say what the lines do not show: from %j to %j %s', (before, after, note) => {
    const change = { path: 'a', before, after };
    expect(details('Write', { path: 'a', content: after }, change).at(-1)).toBe(`  ${note}`);
  });

  it('leave out nothing of tools that nobody knows, and hide nothing in control characters', () => {
    expect(details('Rename', { id: 7, newName: 'x' })).toEqual(['  id: 7', '  newName: x']);
    expect(details('Deploy', { target: 'prod\u001b[2K\u202e', list: [1, { deep: true }] })).toEqual([
      '  target: prod\ufffd',
      '  list: [1,{"deep":true}]',
    ]);
    const invalid = { id: '1', name: 'Bash', input: {}, invalidInput: '{"command": "rm' };
    expect(approvalDetails(invalid).map(plainText)).toEqual(['  {"command": "rm']);
  });
});
