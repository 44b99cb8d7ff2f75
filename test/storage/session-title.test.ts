import { describe, expect, it } from 'vitest';
import { holdSecrets } from '../../src/core/held-secrets.js';
import { assistantMessage, userMessage } from '../../src/core/message.js';
import { sessionTitle } from '../../src/storage/session-title.js';

const titleOf = (text: string) => sessionTitle({ type: 'message', message: userMessage(text) });
const diff = (...paths: string[]) =>
  paths
    .map((path) => `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-a\n+b\n`)
    .join('');

describe('the title of a session', () => {
  it.each([
    ['the first line of the prompt', '\n  fix   the bug\nin parse()', 'fix the bug'],
    ['the prompt before what was piped in', `review this\n\n<stdin>\n${diff('a.js')}</stdin>`, 'review this'],
    ['a diff alone: its files', diff('src/a.js', 'src/b c.js'), 'Diff of src/a.js, src/b c.js'],
    ['a diff without git', '--- old.txt\t2026\n+++ new.txt\t2026\n@@ -1 +1 @@\n-a\n+b\n', 'Diff of new.txt'],
    ['a file that was deleted', 'diff --git a/x b/x\n--- a/x\n+++ /dev/null\n', 'Diff of x'],
    ['a line with words rather than a bracket', '{\n  "error": "timeout"\n}', '"error": "timeout"'],
    ['what there is where nothing has words', '42 + 1\n2', '42 + 1'],
    ['letters of any script', '---\nпривет', 'привет'],
  ])('%s', (_, text, expected) => {
    expect(titleOf(text)).toBe(expected);
  });

  it('is cut at 80 characters, also of a diff with many files', () => {
    const title = titleOf(diff(...Array.from({ length: 90 }, (_, index) => `src/file-${index}.ts`)));
    expect(title).toMatch(/^Diff of src\/file-0\.ts, .*…$/);
    expect(title.length).toBeLessThanOrEqual(80);
  });

  it('takes no time for 256 kB without a line or a letter', () => {
    const before = process.cpuUsage();
    titleOf('1'.repeat(256 * 1024));
    titleOf(`diff --git a/${'x b'.repeat(80_000)}`);
    // What is computed, not the time that passes while others compute.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(200);
  });

  it('has no key that was typed, also where one is held only, or would be cut or wrapped', () => {
    expect(titleOf('use sk-ant-api03-abcdefghijklmnop for it')).toBe('use [redacted] for it');
    const held = 'correct-horse-battery-staple';
    holdSecrets([held]);
    expect(titleOf(`log in with ${held}`)).toBe('log in with [redacted]');
    expect(titleOf(`${'x'.repeat(65)} ${held}`)).toBe(`${'x'.repeat(65)} [redacted]`);
    expect(titleOf(`take ${held.slice(0, 14)}\n${held.slice(14)}`)).toBe('take [redacted]');
    expect(titleOf(`${'x'.repeat(60)} ghp_${'a1'.repeat(18)} and more of it`)).not.toContain('a1a1');
  });

  it('only the user names a session', () => {
    expect(sessionTitle({ type: 'message', message: assistantMessage('hello') })).toBe('');
  });
});
