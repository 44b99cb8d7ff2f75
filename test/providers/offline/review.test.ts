import { describe, expect, test } from 'vitest';
import { looksLikeDiff, readDiff } from '../../../src/providers/offline/diff.js';
import { reviewPiped } from '../../../src/providers/offline/review.js';

const key = ['AKIA', 'IOSFODNN7', 'EXAMPLE'].join('');
const diff = `diff --git a/src/login.js b/src/login.js
index 1111111..2222222 100644
--- a/src/login.js
+++ b/src/login.js
@@ -10,4 +10,8 @@ function login() {
 unchanged
-const old = 1;
+const token = "${key}";
+console.log(token);
+// TODO: remove
+<<<<<<< HEAD
+--- not a header
 unchanged
 unchanged
diff --git a/test/login.test.js b/test/login.test.js
deleted file mode 100644
--- a/test/login.test.js
+++ /dev/null
@@ -1,2 +0,0 @@
-test('a wrong password is refused', () => {
-});
diff --git a/new.txt b/new.txt
new file mode 100644
--- /dev/null
+++ b/new.txt
@@ -0,0 +1 @@
+hello
\\ No newline at end of file
diff --git a/logo.png b/logo.png
Binary files a/logo.png and b/logo.png differ
`;

describe('reading a diff', () => {
  test('files, kinds, and line numbers of both sides', () => {
    expect(
      readDiff(diff).map(({ path, kind, added, removed }) => [path, kind, added.length, removed.length]),
    ).toEqual([
      ['src/login.js', 'changed', 5, 1],
      ['test/login.test.js', 'deleted', 0, 2],
      ['new.txt', 'added', 1, 0],
      ['logo.png', 'binary', 0, 0],
    ]);
    expect(readDiff(diff)[0]?.added[1]).toEqual({ line: 12, text: 'console.log(token);' });
    expect(readDiff(diff)[0]?.removed[0]).toEqual({ line: 11, text: 'const old = 1;' });
  });

  test('a patch without git headers', () => {
    expect(readDiff('--- a.txt\n+++ a.txt\n@@ -1 +1 @@\n-x\n+y\n')).toEqual([
      { path: 'a.txt', kind: 'changed', added: [{ line: 1, text: 'y' }], removed: [{ line: 1, text: 'x' }] },
    ]);
  });

  test('text about diffs is no diff', () => {
    expect(looksLikeDiff(diff)).toBe(true);
    expect(looksLikeDiff('--- a heading\n\nSome text with @@ signs\n')).toBe(false);
  });

  test('a diff that is cut off anywhere is read without an error', () => {
    for (let length = 0; length < diff.length; length += 7) {
      expect(readDiff(diff.slice(0, length)).length).toBeLessThanOrEqual(4);
    }
  });
});

describe('a piped diff', () => {
  const answer = reviewPiped('review this', diff);

  test('is summed up, and the summary says that it is mechanical', () => {
    expect(answer).toContain('mechanical summary');
    expect(answer).toContain('4 files changed, 6 lines added, 3 lines removed.');
    expect(answer).toContain('+5 -1  src/login.js');
    expect(answer).toContain('+0 -2  test/login.test.js  (deleted)');
  });

  test.each([
    'merge conflict marker: src/login.js:14',
    'looks like a secret: src/login.js:11',
    'removed test: test/login.test.js:1 (old line)',
    'debugging left in: src/login.js:12: console.log(token);',
    'note to self: src/login.js:13: // TODO: remove',
  ])('points at: %s', (line) => {
    expect(answer).toContain(line);
  });

  test('never repeats what looks like a secret', () => {
    expect(answer).not.toContain(key);
  });

  test('says so when nothing stands out', () => {
    const quiet = 'diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n+y\n';
    expect(reviewPiped('review', quiet)).toContain('Nothing stood out');
  });
});

describe('other piped text', () => {
  const log = [
    ...Array.from({ length: 300 }, (_, index) => `info request ${index} served`),
    'Error: connect ECONNREFUSED 127.0.0.1:5432',
    '    at connect (src/database.js:41:9)',
    `password = "${'x'.repeat(12)}"`,
  ].join('\n');

  test('lines of trouble, places, and what is closest to the request', () => {
    const answer = reviewPiped('why can it not connect to the database?', log);
    expect(answer).toContain('303 lines');
    expect(answer).toContain('stdin:301: Error: connect ECONNREFUSED');
    expect(answer).toContain('Places it names: src/database.js:41');
    expect(answer).not.toContain('xxxxxxxx');
  });

  test('nothing at all', () => {
    expect(reviewPiped('summarise', ' \n')).toContain('nothing came in through the pipe');
  });

  test('one line of a megabyte is read in time, and the answer stays short', () => {
    for (const unit of ['a', 'a.', 'a/', '-', 'eyJ', '<<<<']) {
      const answer = reviewPiped('what is this', unit.repeat(1_000_000 / unit.length));
      expect(answer.length).toBeLessThan(5_000);
    }
  });
});
