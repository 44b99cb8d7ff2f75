import { describe, expect, it } from 'vitest';
import { clip, displayable, dollars, duration, oneLine, tokenCount } from '../../src/ui/displayable.js';

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
