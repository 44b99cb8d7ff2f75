import { describe, expect, it } from 'vitest';
import { compileGlob } from '../../src/tools/glob-pattern.js';

describe('a glob pattern', () => {
  it.each([
    ['*.ts', 'a.ts', true],
    ['*.ts', 'deep/er/a.ts', true],
    ['*.ts', 'a.tsx', false],
    ['./*.ts', 'a.ts', true],
    ['src/*.ts', 'src/a.ts', true],
    ['src/*.ts', 'src/b/a.ts', false],
    ['src/*.ts', 'x/src/a.ts', false],
    ['src/**/*.ts', 'src/a.ts', true],
    ['src/**/*.ts', 'src/b/c/a.ts', true],
    ['src/**', 'src/b/c/a.ts', true],
    ['src/**', 'src', false],
    ['**/test/**', 'a/test/b', true],
    ['**/*', '.hidden', true],
    ['*', 'a/b', true],
    ['?.ts', 'ab.ts', false],
    ['[a-c]x', 'bx', true],
    ['[!a-c]x', 'bx', false],
    ['[]x]y', ']y', true],
    ['[ab', '[ab', true],
    ['*.{ts,tsx}', 'b/a.tsx', true],
    ['{src,test}/**/*.{js,ts}', 'test/a/b.ts', true],
    ['{src,test}/**/*.{js,ts}', 'lib/a.ts', false],
    ['a{b,{c,d}}e', 'ade', true],
    ['a{b}c', 'a{b}c', true],
    ['\\*.ts', '*.ts', true],
    ['\\*.ts', 'a.ts', false],
    ['a**b', 'axxb', true],
    ['Makefile', 'x/Makefile', true],
    ['ÄÖ*', 'ÄÖÜ', true],
  ])('%j and %j: %j', (pattern, path, expected) => {
    expect(compileGlob(pattern)(path)).toBe(expected);
  });

  it('T19: a pattern made to be slow is as quick as any other', () => {
    const name = 'a'.repeat(250);
    const pattern = `${'*a'.repeat(60)}*b`;
    const deep = Array.from({ length: 60 }, () => 'a').join('/');
    for (let round = 0; round < 200; round += 1) {
      expect(compileGlob(pattern)(name)).toBe(false);
      expect(compileGlob(`${'**/a/'.repeat(30)}b`)(deep)).toBe(false);
    }
    expect(compileGlob('{a,b}'.repeat(40))('x')).toBe(false);
  });
});
