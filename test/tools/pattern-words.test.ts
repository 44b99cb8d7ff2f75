import { describe, expect, it } from 'vitest';
import { termSource } from '../../src/providers/offline/matcher.js';
import { readQuestion } from '../../src/providers/offline/question.js';
import { findSubjects } from '../../src/providers/offline/subjects.js';
import { createGlobTool } from '../../src/tools/glob.js';
import { createGrepTool } from '../../src/tools/grep.js';
import { shownPattern } from '../../src/tools/pattern-words.js';

describe('a search pattern for the screen', () => {
  it.each([
    ['a plain one', 'timeout', '"timeout"'],
    ['a short one with groups', '(?:foo|bar)\\(', '"(?:foo|bar)\\("'],
    [
      'a long one without groups',
      'export (async )?function handleRequest',
      '"export (async )?function handleRequest"',
    ],
    ['one with a line end', 'a\nb', '"a\\nb"'],
    ['a long one without a word', '(?:\\d+|\\s+|\\W+|\\D+|[0-9])', '"(?:\\d+|\\s+|\\W+|\\D+|[0-9])"'],
  ])('%s stands as it is', (_, pattern, expected) => {
    expect(shownPattern(pattern)).toBe(expected);
  });

  it('one that was put together is its words, each once, without what is optional, and its length', () => {
    const pattern =
      '(?:(?:\\b|_)save|Save)(?:e?s|ed|ing)?(?:\\b|_|[A-Z0-9])|(?:\\b|_)SAVES?(?:\\b|_)|organi[sz]e';
    expect(shownPattern(pattern)).toBe(`save, organise (a pattern of ${pattern.length} characters)`);
  });

  it('names six words and says that there are more', () => {
    expect(shownPattern('(?:one|two|three|four|five|six|seven)')).toBe(
      'one, two, three, four, five, six … (a pattern of 37 characters)',
    );
  });

  it('every word asked for stands in it', () => {
    const text = 'where is the retry timeout of a closed connection?';
    for (const term of readQuestion(text, findSubjects(text)).terms) {
      expect(shownPattern(termSource(term))).toContain(term.word.slice(0, 4));
    }
  });
});

describe('what is said of a search', () => {
  it.each([
    [{ pattern: '\\bnext\\(\\)' }, '"\\bnext\\(\\)"'],
    [{ pattern: 'next', path: '.' }, '"next"'],
    [{ pattern: 'next', path: '/' }, '"next" in /'],
    [{ pattern: 'next', path: 'src' }, '"next" in src'],
    [{ pattern: 'next', glob: '*.ts' }, '"next" in *.ts'],
    [{ pattern: 'next', path: 'src', glob: '*.ts', ignoreCase: true }, '"next" in any case in src (*.ts)'],
  ])('names pattern and place of %j', (input, expected) => {
    expect(createGrepTool().describe(input)).toBe(expected);
  });

  it.each([
    [{ pattern: '**/*.ts' }, '**/*.ts'],
    [{ pattern: '**/*.ts', path: './' }, '**/*.ts'],
    [{ pattern: '**/*.ts', path: 'src' }, '**/*.ts in src'],
  ])('for files by name, %j', (input, expected) => {
    expect(createGlobTool().describe(input)).toBe(expected);
  });
});
