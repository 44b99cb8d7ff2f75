import { describe, expect, test } from 'vitest';
import { createMatcher } from '../../../src/providers/offline/matcher.js';
import { readQuestion, refersBack } from '../../../src/providers/offline/question.js';
import { findSubjects } from '../../../src/providers/offline/subjects.js';

function question(text: string) {
  return readQuestion(text, findSubjects(text));
}

function words(text: string): string[] {
  return question(text).terms.map((term) => term.word);
}

describe('terms', () => {
  test.each([
    ['where are sessions stored and in which table?', ['sessions', 'table', 'stored']],
    ['Where is the discount decided?', ['discount', 'decided']],
    ['show me how the retry delay is computed', ['retry', 'delay', 'computed']],
    ['where is it?', []],
    ['', []],
    ['会话存储在哪里', ['会话存储在哪里']],
  ])('%s', (text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  test('a name comes before words, and its parts count little', () => {
    const { terms } = question('where is parseConfig called with a timeout?');
    expect(terms[0]?.word).toBe('parseConfig');
    expect(terms.map((term) => term.word)).toContain('timeout');
    const weight = (word: string) => terms.find((term) => term.word === word)?.weight ?? 0;
    expect(weight('config')).toBeLessThan(weight('timeout'));
  });

  test('an order at the start is no subject, the same word later on is', () => {
    expect(words('find the port')).toEqual(['port']);
    expect(words('where does the resolver find modules')).toContain('find');
  });

  test('at most six terms, whatever the length of the request', () => {
    expect(words(Array.from({ length: 3_000 }, (_, index) => `word${index}`).join(' ')).length).toBe(6);
  });

  test('kinds of definition and of file that are asked for', () => {
    expect(question('in which table are sessions?').kinds).toEqual(['table']);
    expect(question('what class keeps them?').kinds).toEqual(['class']);
    expect(question('where is it tested?').about.tests).toBe(true);
    expect(question('where is the port set?').about.tests).toBe(false);
  });

  test.each([
    ['where is parseConfig used?', 'usage'],
    ['who calls parseConfig?', 'usage'],
    ['where is parseConfig defined?', 'definition'],
    ['explain parseConfig', 'any'],
  ])('%s asks for %s', (text, asked) => {
    expect(question(text).asked).toBe(asked);
  });
});

describe('how a word may be written', () => {
  const meets = (asked: string, text: string) => (createMatcher(question(asked)).qualities(text)[0] ?? 0) > 0;

  test.each([
    ['the session', 'const userSessions = []'],
    ['the session', 'SESSION_TABLE'],
    ['the session', 'old_session'],
    ['stored', 'class FileStore'],
    ['retries', 'retry(3)'],
    ['retries', 'retried'],
    ['the port', 'httpPort'],
    ['the port', 'portNumber'],
    ['the port', 'PORT'],
    ['authentication', 'authHeader'],
    ['directories', 'const dir = 1'],
    ['initialised', 'initialize()'],
    ['the colour', 'color'],
    ['maxRetryCount', 'max_retry_count'],
    ['--max-turns', 'maxTurns'],
  ])('%s: %s', (asked, text) => {
    expect(meets(asked, text)).toBe(true);
  });

  test.each([
    ['the port', 'import x'],
    ['the port', 'export const report'],
    ['the id', 'width'],
    ['the table', 'stable'],
    ['the log', 'catalog'],
  ])('%s, not: %s', (asked, text) => {
    expect(meets(asked, text)).toBe(false);
  });

  test('two words that belong together are found in any convention', () => {
    const matcher = createMatcher(question('the size of the context window'));
    for (const text of ['contextWindow', 'context_window', 'Context window', 'CONTEXT-WINDOW']) {
      expect(matcher.phrases(text).length).toBeGreaterThan(0);
    }
    expect(matcher.phrases('a window of another context')).toEqual([]);
  });
});

test.each([
  ['and where is it used?', true],
  ['what about its limits?', true],
  ['and the timeout?', false],
  ['where is the port decided?', false],
  ['where is parseConfig used?', false],
  ['show src/a.ts', false],
])('%s refers to the message before: %s', (text, expected) => {
  const subjects = findSubjects(text);
  expect(refersBack(text, readQuestion(text, subjects), subjects)).toBe(expected);
});
