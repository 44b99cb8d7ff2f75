import { describe, expect, test } from 'vitest';
import { readQuestion } from '../../../src/providers/offline/question.js';
import { rankFiles, rankPlaces, rarityOf } from '../../../src/providers/offline/rank.js';
import { readNumberedLines, readPaths, readSearchLines } from '../../../src/providers/offline/results.js';
import { findSubjects } from '../../../src/providers/offline/subjects.js';

function question(text: string) {
  return readQuestion(text, findSubjects(text));
}

function places(text: string, found: string): string[] {
  return rankPlaces(question(text), readSearchLines(found)).map(({ path, line }) => `${path}:${line}`);
}

describe('places', () => {
  test('a definition comes before a mention', () => {
    expect(
      places(
        'where is the discount decided?',
        'src/total.js:6: const net = sum * (1 - discountFor(customer));\nsrc/pricing.js:4: export function discountFor(customer) {',
      )[0],
    ).toBe('src/pricing.js:4');
  });

  test('for usages a call comes before the definition', () => {
    expect(
      places(
        'where is the discount used?',
        'src/pricing.js:4: export function discountFor(customer) {\nsrc/total.js:6: const net = sum * (1 - discountFor(customer));',
      )[0],
    ).toBe('src/total.js:6');
  });

  test('source comes before tests, documents and built files', () => {
    const line = 'function retryDelay(attempt) {';
    const paths = ['dist/app.js', 'README.md', 'test/retry.test.js', 'src/wait.js', 'package-lock.json'];
    const ranked = places('where is the retry delay?', paths.map((path) => `${path}:1: ${line}`).join('\n'));
    expect(ranked[0]).toBe('src/wait.js:1');
    expect(ranked.slice(1, 3).sort()).toEqual(['README.md:1', 'test/retry.test.js:1']);
  });

  test('tests come first when they are asked for', () => {
    const found =
      'src/retry.js:1: function retryDelay() {\ntest/retry.test.js:9: test("retry delay", () => {';
    expect(places('where is the retry delay tested?', found)[0]).toBe('test/retry.test.js:9');
  });

  test('terms near each other beat the same terms far apart', () => {
    const found = [
      'a.js:1: // session',
      'a.js:400: // table',
      'b.js:10: // session',
      'b.js:12: // table',
    ].join('\n');
    expect(places('which session table?', found)[0]).toMatch(/^b\.js/);
  });

  test('the kind of definition that is asked for comes first', () => {
    const found = [
      'src/list.js:3: const sessionTable = render(rows);',
      'src/schema.sql:9: CREATE TABLE sessions (',
    ].join('\n');
    expect(places('in which table are sessions?', found)[0]).toBe('src/schema.sql:9');
  });

  test('an import says little', () => {
    const found =
      'src/a.js:1: import { openDatabase } from "./db.js";\nsrc/b.js:7: const db = openDatabase(file);';
    expect(places('where is the database opened?', found)[0]).toBe('src/b.js:7');
  });

  test('lines side by side are one place', () => {
    const found = Array.from({ length: 10 }, (_, index) => `a.js:${index + 1}: session ${index}`).join('\n');
    expect(places('where is the session?', found)).toHaveLength(1);
  });

  test('equal places keep one order, whatever order they were found in', () => {
    const rows = ['b.js:1: session', 'a.js:1: session', 'c.js:1: session'];
    expect(places('the session?', rows.join('\n'))).toEqual(
      places('the session?', rows.toReversed().join('\n')),
    );
  });

  test('no lines give no places', () => {
    expect(places('where is the session?', '[No matches.]')).toEqual([]);
  });
});

describe('files', () => {
  test('rare terms, more terms and a telling name decide', () => {
    const asked = question('where is the snapshot interval?');
    const files = [
      ['src/store.js', 'src/snapshot.js', 'src/timer.js'],
      ['src/snapshot.js', ...Array.from({ length: 30 }, (_, index) => `src/other${index}.js`)],
    ];
    const rarity = rarityOf(
      asked,
      files.map((paths) => paths.length),
    );
    expect(rarity.weights[0]).toBeGreaterThan(rarity.weights[1] ?? 0);
    const ranked = rankFiles(asked, files, [], rarity).map(({ path }) => path);
    expect(ranked[0]).toBe('src/snapshot.js');
    expect(ranked.indexOf('src/store.js')).toBeLessThan(ranked.indexOf('src/other3.js'));
  });
});

describe('reading results', () => {
  test('lines of a search, with context lines and notes', () => {
    expect(readSearchLines('./a-1.js:12: x: 3\na-1.js-13- y\n[Only the first 2 matches.]\n')).toEqual([
      { path: 'a-1.js', line: 12, text: 'x: 3', matched: true },
      { path: 'a-1.js', line: 13, text: 'y', matched: false },
    ]);
  });

  test('paths, without notes', () => {
    expect(
      readPaths('./src/a b.ts\nMakefile\n[Only the first 2 files. Narrow with path or glob.]\n'),
    ).toEqual(['src/a b.ts', 'Makefile']);
  });

  test.each(['12\tx', '   12→x', '12: x'])('numbered lines like %j', (row) => {
    expect(readNumberedLines(`${row}\n[Up to line 12.]`)).toEqual([{ line: 12, text: 'x' }]);
  });
});
