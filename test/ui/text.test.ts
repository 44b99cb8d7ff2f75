import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { cells } from '../../src/ui/break-rows.js';
import { clip, displayable, dollars, duration, oneLine, tokenCount } from '../../src/ui/displayable.js';
import { graphemes, isUnjoined } from '../../src/ui/graphemes.js';

describe('letters that join with none', () => {
  it('are as wide, and as many, as the slow way says', () => {
    const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
    const letters = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter(
      isUnjoined,
    );
    expect(letters.length).toBeGreaterThan(20_000);
    expect(letters.filter((letter) => cells(letter) !== stringWidth(letter))).toEqual([]);
    expect(graphemes(letters.join(''))).toEqual(letters);
    // Piece by piece, for the time that the slow way takes grows with the square of the text; neighbours meet in some piece.
    for (const order of [letters, [...letters].reverse()]) {
      for (let at = 0; at < order.length; at += 255) {
        const piece = order.slice(at, at + 256);
        const seen = Array.from(segmenter.segment(piece.join('')), ({ segment }) => segment);
        expect(seen).toEqual(piece);
      }
    }
    expect(graphemes('e\u0301a')).toEqual(['e\u0301', 'a']);
  });
});

describe('small texts', () => {
  it('are clipped by cells, never inside a character', () => {
    expect(clip('hello', 5)).toBe('hello');
    expect(clip('hello', 4)).toBe('hel…');
    expect(clip('漢字漢', 4)).toBe('漢…');
    expect(clip('👩‍🚀👩‍🚀', 3)).toBe('👩‍🚀…');
    expect(clip('abc', 0)).toBe('');
  });

  it('stand on one line, safe and with their line ends marked', () => {
    expect(oneLine('  a\n  b\u001b[2J\tc ')).toBe('a ⏎ b�    c');
    expect(displayable('a\tb\u0007')).toBe('a    b�');
  });

  it('give numbers the way people read them', () => {
    expect([400, 9_940, 59_900, 125_000].map(duration)).toEqual(['0.4 s', '9.9 s', '59 s', '2 min 5 s']);
    expect([0, 0.00123, 0.5, 12.345].map(dollars)).toEqual(['$0.00', '$0.0012', '$0.5000', '$12.35']);
    expect([999, 1_000, 12_345, 200_000, 1_500_000].map(tokenCount)).toEqual([
      '999',
      '1k',
      '12.3k',
      '200k',
      '1.5M',
    ]);
  });
});
