import { describe, expect, it } from 'vitest';
import { cutLine, formatBytes, modelText } from '../../src/tools/model-text.js';

describe('text for the model', () => {
  it('leaves ordinary text as it is, with tabs, umlauts, emoji and joined emoji', () => {
    const text = 'a\tb\nÄ 日本語 👩‍👩‍👧 e\u0301 \u202eabc';
    expect(modelText(text)).toBe(text);
  });

  it.each([
    ['colour', '\x1b[31mred\x1b[0m', 'red'],
    ['8-bit colour', '\x9b31mred', 'red'],
    ['cursor movement and private modes', 'a\x1b[2J\x1b[?1049hb\x1b[10;20H', 'ab'],
    ['a title with BEL', '\x1b]0;evil\x07text', 'text'],
    ['a link with its terminator', '\x1b]8;;https://x\x1b\\text\x1b]8;;\x1b\\', 'text'],
    ['a clipboard write', '\x1b]52;c;ZXZpbA==\x07x', 'x'],
    ['a device string in 8-bit form', '\x90abc\x9cx', 'x'],
    ['a two-byte escape', '\x1bcx\x1b(By', 'xy'],
    ['controls', 'a\x00b\x07c\x08d\x0be\x0cf\x7fg\x85h', 'abcdefgh'],
    ['carriage returns', 'a\r\nb\rc', 'a\nb\nc'],
    ['a lone surrogate', 'a\ud800b', 'a\ufffdb'],
    ['hidden tag characters', 'a\u{e0068}\u{e0069}b', 'ab'],
    ['text hidden behind a black flag', '\u{1f3f4}\u{e0068}\u{e0069}b', '\u{1f3f4}b'],
  ])('T15: removes %s', (_, text, expected) => {
    expect(modelText(text)).toBe(expected);
  });

  it('T15: keeps a regional flag whole', () => {
    const flag = '\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}';
    expect(modelText(`\x1b[1m${flag}`)).toBe(flag);
  });

  it('T15: an escape that never ends hides none of the text after it', () => {
    expect(modelText('\x1b]0;title\nnext line')).toBe('0;title\nnext line');
    expect(modelText('\x1bPabc\nnext')).toBe('abc\nnext');
    expect(modelText('\x1b[12')).toBe('12');
  });

  it('T15: leaves no byte that a terminal obeys, whatever the input', () => {
    let seed = 42;
    const random = (limit: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % limit;
    };
    const pieces = [
      '\x1b',
      '[',
      ']',
      'P',
      '0',
      ';',
      'm',
      '\x07',
      '\\',
      '\x9b',
      '\x9c',
      '\x90',
      '\r',
      '\n',
      'x',
      '\x00',
    ];
    for (let round = 0; round < 5_000; round += 1) {
      let text = '';
      for (let length = random(30); length > 0; length -= 1) text += pieces[random(pieces.length)];
      expect(modelText(text)).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
    }
  });

  it('cuts a long line and says how much is missing', () => {
    expect(cutLine('abcdef', 4)).toBe('abcd… [2 more characters]');
    expect(cutLine('abcd', 4)).toBe('abcd');
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_234, '1.2 kB'],
    [5_000_000_000, '5.0 GB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});
