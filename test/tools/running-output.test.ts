import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { holdSecrets } from '../../src/core/held-secrets.js';
import type { OutputSoFar } from '../../src/core/tool.js';
import { RunningOutput } from '../../src/tools/running-output.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function watched() {
  const told: OutputSoFar[] = [];
  return { told, running: new RunningOutput((output) => void told.push(output)) };
}

/** What is told of an output that came whole. */
function tailOf(output: string | Uint8Array): string {
  const { told, running } = watched();
  running.push(output);
  return told.at(-1)?.tail ?? '';
}

describe('what a running call has put out so far', () => {
  it('is told at once, then at most every 100 ms, the last of it too', () => {
    const { told, running } = watched();
    running.push('one\n');
    expect(told).toEqual([{ tail: 'one', lines: 1, bytes: 4 }]);
    for (let line = 2; line <= 500; line += 1) running.push(`line ${line}\n`);
    expect(told).toHaveLength(1);
    vi.advanceTimersByTime(99);
    expect(told).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(told).toHaveLength(2);
    expect(told[1]?.lines).toBe(500);
    expect(told[1]?.tail.split('\n')).toEqual(
      Array.from({ length: 20 }, (_, index) => `line ${481 + index}`),
    );
    vi.advanceTimersByTime(10_000);
    expect(told).toHaveLength(2);
  });

  it('is nothing any more after its end, whatever still comes', () => {
    const { told, running } = watched();
    running.push('one\n');
    running.push('two\n');
    running.end();
    running.push('three\n');
    vi.advanceTimersByTime(1_000);
    expect(told).toHaveLength(1);
  });

  it('is at most 4 kB, of lines that are whole at their beginning', () => {
    const { told, running } = watched();
    for (let chunk = 0; chunk < 100; chunk += 1) running.push(Buffer.from(`${'x'.repeat(999)}\n`));
    vi.advanceTimersByTime(100);
    expect(told.at(-1)).toEqual({
      tail: Array(4).fill('x'.repeat(999)).join('\n'),
      lines: 100,
      bytes: 100_000,
    });
  });

  it('counts a line that has no end yet', () => {
    const { told, running } = watched();
    running.push('one\ntw');
    expect(told).toEqual([{ tail: 'one\ntw', lines: 2, bytes: 6 }]);
  });

  it.each([
    ['colours', '\u001b[32mok\u001b[0m 1\n', 'ok 1'],
    ['a progress bar that is drawn over itself', 'start\n 10 %\r 20 %\r 30 %', 'start\n 30 %'],
    ['Windows line ends', 'one\r\ntwo\r\n', 'one\ntwo'],
    ['a character that is not whole yet', Buffer.from('naï').subarray(0, 3), 'na'],
    ['a long line cut in the middle of a character', `.${'ï'.repeat(9_000)}`, 'ï'.repeat(2_048)],
    ['a cut that goes through a character', `${'ï'.repeat(9_000)}.`, `${'ï'.repeat(2_047)}.`],
  ])('reads as text with %s', (_, output, tail) => {
    expect(tailOf(output)).toBe(tail);
  });

  it('lacks no character because a key happens to begin with it', () => {
    holdSecrets(['0f3c-begins-as-many-lines-end', 'e5d1-begins-as-many-words-end']);
    expect(tailOf('99\n100\n')).toBe('99\n100');
    expect(tailOf('one\n')).toBe('one');
    expect(tailOf('one e5d1-be')).toBe('one ');
  });

  it('has no key in it, whole, wrapped or cut at its end', () => {
    const key = 'sk-live-abcdefghijklmnop-0123456789';
    holdSecrets([key]);
    expect(tailOf(`a ${key} b\n`)).not.toContain('abcdefgh');
    expect(tailOf(`a ${key.slice(0, 20)}\n${key.slice(20)} b\n`)).not.toContain('abcdefgh');
    expect(tailOf(`a ${key.slice(0, 20)}`)).toBe('a ');
    // Where the tail begins in the middle of it.
    for (let before = 4_050; before < 4_100; before += 7)
      expect(tailOf(`x\n${key}${'.'.repeat(before)}\nend\n`)).not.toMatch(/live|abcd|ijkl|mnop|0123|6789/);
  });
});
