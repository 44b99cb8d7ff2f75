import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Key } from '../../src/ui/keys.js';
import { enterTerminal } from '../../src/ui/terminal.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A terminal made of two streams; `modes` are the raw modes it was put into. */
function setUp(environment: NodeJS.ProcessEnv = {}) {
  const modes: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), {
    setRawMode: (raw: boolean) => modes.push(raw),
    ref: () => {},
    unref: () => {},
  }) as unknown as NodeJS.ReadStream;
  const stdout = new PassThrough() as unknown as NodeJS.WriteStream;
  const written: string[] = [];
  stdout.on('data', (data: Buffer) => written.push(data.toString()));
  const keys: string[] = [];
  const signals: string[] = [];
  const terminal = enterTerminal({
    ...{ stdin, stdout, environment },
    onKeys: (read) => void keys.push(...read.map(name)),
    onHangup: (signal) => void signals.push(signal),
  });
  const type = (bytes: Buffer | string) => void stdin.emit('data', Buffer.from(bytes));
  return { terminal, type, keys, signals, modes, written: () => written.join('') };
}

function name(key: Key): string {
  return key.type === 'key' ? `${key.ctrl ? 'C-' : ''}${key.name}` : `${key.type} ${key.text}`;
}

const esc = '\u001b';
const pasteOn = `${esc}[?2004h`;
const pasteOff = `${esc}[?2004l`;

describe('the terminal', () => {
  it.each([
    [`${esc}[1;5C`, ['C-right']],
    [`${esc}[3~`, ['delete']],
    [`${esc}OA`, ['up']],
    [`${esc}[200~a\r${esc}[201~`, ['paste a\n']],
    ['漢', ['text 漢']],
  ])('U07 reads %j whose bytes are 50 ms apart', (bytes, expected) => {
    const { type, keys, terminal } = setUp();
    for (const byte of Buffer.from(bytes)) {
      type(Buffer.from([byte]));
      vi.advanceTimersByTime(50);
    }
    vi.advanceTimersByTime(100);
    expect(keys).toEqual(expected);
    terminal.leave();
  });

  it('U07 takes no text from bytes that are no UTF-8', () => {
    const { type, keys, terminal } = setUp();
    type(Buffer.from([0xff, 0xc0, 0x80, 0xe6, 0xbc, 0x61, 0x00, 0xf8]));
    vi.advanceTimersByTime(100);
    expect(keys).toEqual(['text a']);
    terminal.leave();
  });

  it('U06 waits for the rest of a paste that had an end marker in it, and sends nothing of it', () => {
    const { type, keys, terminal } = setUp();
    type(`${esc}[200~one${esc}[201~`);
    vi.advanceTimersByTime(40);
    type(`\rsecond line of the attack${esc}[201~`);
    vi.advanceTimersByTime(40);
    expect(keys).toEqual([]);
    vi.advanceTimersByTime(40);
    expect(keys).toEqual(['paste one\nsecond line of the attack']);
    terminal.leave();
  });

  it('shows a paste although a key is held down behind it', () => {
    const { type, keys, terminal } = setUp();
    type(`${esc}[200~one${esc}[201~`);
    for (let repeat = 0; repeat < 3; repeat += 1) {
      vi.advanceTimersByTime(30);
      type('x');
    }
    expect(keys).toEqual(['paste one', 'text x', 'text x', 'text x']);
    terminal.leave();
  });

  it.each([
    ['an Esc', esc, ['escape', 'text b']],
    ['lines of a paste', 'one\rtwo', ['paste one\ntwo', 'text b']],
  ])('what had come of %s when it was lent ends when it is taken again', (_, begun, expected) => {
    const { terminal, type, keys } = setUp();
    type(begun);
    const take = terminal.release();
    vi.advanceTimersByTime(5_000);
    expect(keys).toEqual([]);
    take();
    vi.advanceTimersByTime(100);
    type('b');
    expect(keys).toEqual(expected);
    terminal.leave();
  });

  it('lends itself as it was and is taken again, while only the keys of its user are no signal to us', () => {
    const { terminal, type, keys, signals, modes, written } = setUp({ TERM: 'xterm-kitty' });
    const take = terminal.release();
    expect(modes).toEqual([true, false]);
    expect(written()).toBe(`${pasteOn}${esc}[>1u${pasteOff}${esc}[<u${esc}[?25h`);
    type('to the editor');
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTERM'] as const) process.emit(signal, signal);
    expect([keys, signals]).toEqual([[], ['SIGTERM']]);
    take();
    take();
    type('a');
    expect([modes, keys]).toEqual([[true, false, true], ['text a']]);
    process.emit('SIGINT', 'SIGINT');
    expect(signals).toEqual(['SIGTERM', 'SIGINT']);
    terminal.leave();
    terminal.leave();
    take();
    expect(modes).toEqual([true, false, true, false]);
    expect(written().endsWith(`${pasteOff}${esc}[<u${esc}[?25h`)).toBe(true);
  });
});
