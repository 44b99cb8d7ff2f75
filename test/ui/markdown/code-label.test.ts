import { expect, it } from 'vitest';
import { codeLabel, codeLanguage } from '../../../src/ui/markdown/code-label.js';

it.each([
  ['ts', 'ts'],
  ['', ''],
  ['TypeScript', 'TypeScript'],
  ['{.python .numberLines}', 'python'],
  ['rust,ignore', 'rust'],
  ['js {1,3-5}', 'js'],
  ['js{1,3}', 'js'],
  ['ts title="src/a b.ts"', 'ts · src/a b.ts'],
  ["py filename='a.py' hl", 'py · a.py'],
  ['ts:src/a.ts', 'ts · src/a.ts'],
  ['title="notes.md"', 'notes.md'],
  ['12:40:src/a.ts', 'src/a.ts · 12-40'],
  ['text', ''],
  ['plaintext title=a.log', 'a.log'],
  ['c++', 'c++'],
  ['objective-c', 'objective-c'],
])('a fence that says %j is labelled %j', (info, label) => {
  expect(codeLabel(info)).toBe(label);
});

it('the language is what colours the code, whatever is behind it', () => {
  expect(['ts:src/a.ts', '{.python}', 'title="a.ts"', 'sh'].map(codeLanguage)).toEqual([
    'ts',
    'python',
    '',
    'sh',
  ]);
});
