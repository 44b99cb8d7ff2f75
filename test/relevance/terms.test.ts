import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isStopWord, splitIdentifier, splitWords, stem, stems } from '../../src/relevance/terms.js';

describe('splitting', () => {
  test.each([
    ['camelCase', ['camel', 'case']],
    ['PascalCaseName', ['pascal', 'case', 'name']],
    ['parseHTTPRequest', ['parse', 'http', 'request']],
    ['snake_case_name', ['snake', 'case', 'name']],
    ['MAX_RETRY_COUNT', ['max', 'retry', 'count']],
    ['kebab-case', ['kebab', 'case']],
    ['sha256Sum', ['sha256', 'sum']],
    ['__private', ['private']],
    ['größeInMetern', ['größe', 'in', 'metern']],
    ['', []],
    ['!?', []],
  ])('%s', (identifier, parts) => {
    expect(splitIdentifier(identifier)).toEqual(parts);
  });

  test('words keep their order, and stop words stay', () => {
    expect(splitWords('Where is the readFile tool?')).toEqual(['where', 'is', 'the', 'read', 'file', 'tool']);
  });

  test('ASCII is split faster, and as the expressions for every script split it', () => {
    const byExpressions = (text: string) =>
      text
        .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
        .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
        .split(/[^\p{L}\p{N}]+/u)
        .filter((part) => part !== '')
        .map((part) => part.toLowerCase());
    const character = fc.oneof(
      fc.constantFrom(...'aAbB01_- .'),
      fc.integer({ min: 0, max: 127 }).map((code) => String.fromCharCode(code)),
    );
    const ascii = fc.array(character, { maxLength: 40 }).map((all) => all.join(''));
    fc.assert(
      fc.property(ascii, (text) => {
        expect(splitIdentifier(text)).toEqual(byExpressions(text));
        // One character that is not ASCII takes the other way.
        expect(splitIdentifier(`${text} é`)).toEqual([...splitIdentifier(text), 'é']);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a full-width text is the same words', () => {
    expect(splitWords('ｇｒｅｐ')).toEqual(['grep']);
  });
});

describe('stems', () => {
  test.each([
    ['sessions', 'session'],
    ['stored', 'storing'],
    ['retries', 'retry'],
    ['matches', 'match'],
    ['stopped', 'stop'],
    ['running', 'runs'],
    ['configuration', 'configure'],
  ])('%s and %s meet', (one, other) => {
    expect(stem(one)).toBe(stem(other));
  });

  test.each([
    ['class', 'class'],
    ['status', 'status'],
    ['this', 'this'],
    ['sha256', 'sha256'],
    ['bed', 'bed'],
  ])('%s keeps its ending', (word, expected) => {
    expect(stem(word)).toBe(expected);
  });

  test('stop words are left out, repeats are kept', () => {
    expect(stems('the file of the files')).toEqual(['file', 'file']);
    expect(isStopWord('the')).toBe(true);
  });
});
