import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatKey, parseKey } from '../../src/config/key-path.js';

describe('keys as text', () => {
  it('writes dots between plain names, and quotes what has dots itself', () => {
    expect(formatKey(['compaction', 'threshold'])).toBe('compaction.threshold');
    expect(formatKey(['exporters', 0, 'url'])).toBe('exporters.0.url');
    expect(formatKey(['prices', 'gpt-4.1', 'input'])).toBe('prices["gpt-4.1"].input');
  });

  it('reads back what it wrote, whatever the names', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 4 }), (path) => {
        expect(parseKey(formatKey(path))).toEqual(path);
      }),
    );
  });

  it('writes names from anybody so that they can neither act on a terminal nor hide', () => {
    const hostile = 'a\u001b[2J\u009b\u202e\u{e0041}b';
    expect(formatKey([hostile])).toMatch(/^[\x20-\x7e]*$/);
    expect(parseKey(formatKey([hostile]))).toEqual([hostile]);
  });

  it.each(['', '.', 'a.', '.a', 'a..b', 'a[0]', 'a["b"', 'a]'])('does not take %j for a key', (text) => {
    expect(parseKey(text)).toBeUndefined();
  });
});
