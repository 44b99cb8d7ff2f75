import { expect, test } from 'vitest';
import { findSubjects, type Subjects } from '../../../src/providers/offline/subjects.js';

const none = { paths: [], globs: [], quoted: [], identifiers: [], patterns: [] };

const cases: readonly (readonly [string, Partial<Omit<Subjects, 'rest'>>])[] = [
  ['show src/index.ts', { paths: ['src/index.ts'] }],
  ['what is in src/index.ts:40?', { paths: ['src/index.ts'] }],
  ['read package.json, please.', { paths: ['package.json'] }],
  ['explain @src/core/id.ts', { paths: ['src/core/id.ts'] }],
  ['list the files in src/tools/', { paths: ['src/tools/'] }],
  ['open the Makefile', { paths: ['Makefile'] }],
  ['what does .github/workflows do', { paths: ['.github/workflows'] }],
  ['find **/*.test.ts', { globs: ['**/*.test.ts'] }],
  ['which files match *.{js,ts}?', { globs: ['*.{js,ts}'] }],
  ['find "connection refused" here', { quoted: ['connection refused'] }],
  ["where is 'too many open files' raised", { quoted: ['too many open files'] }],
  ["it doesn't matter what the user's name is", {}],
  ['where is `parseConfig` used?', { identifiers: ['parseConfig'] }],
  ['where is parseConfig() defined?', { identifiers: ['parseConfig'] }],
  ['who sets max_retry_count', { identifiers: ['max_retry_count'] }],
  ['what is DEFAULT_TIMEOUT_MS?', { identifiers: ['DEFAULT_TIMEOUT_MS'] }],
  ['how is response.usage.totalTokens computed', { identifiers: ['response.usage.totalTokens'] }],
  ['what does --max-turns do', { identifiers: ['--max-turns'] }],
  ['grep /time(out|r)\\w+/', { patterns: ['time(out|r)\\w+'] }],
  ['search for limit.*Ms', { patterns: ['limit.*Ms'] }],
  ['where are sessions stored?', {}],
  ['how does Node.js start it, e.g. on Linux?', {}],
  ['see https://example.org/a/b.html', {}],
  ['', {}],
];

test.each(cases)('%s', (request, expected) => {
  const { rest: _, ...subjects } = findSubjects(request);
  expect(subjects).toEqual({ ...none, ...expected });
});

test('what is named outright is no longer among the words', () => {
  expect(findSubjects('where is `parseConfig` called in src/a.ts?').rest.split(/\s+/).join(' ').trim()).toBe(
    'where is called in',
  );
});

test('a name is listed once', () => {
  expect(findSubjects('fooBar or fooBar').identifiers).toEqual(['fooBar']);
});

test('a very long token without an end is read in time', () => {
  const token = `${'a/'.repeat(20_000)}${'*'.repeat(20_000)}${'('.repeat(20_000)}`;
  expect(findSubjects(token).rest.length).toBeGreaterThan(0);
});
