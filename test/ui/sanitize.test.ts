import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSanitizer, sanitize } from '../../src/ui/sanitize.js';
import { long } from '../helpers/campaign.js';

/** Text, and what may be shown of it. */
const cases: readonly (readonly [title: string, text: string, shown: string])[] = [
  [
    'E01 colours, cursor moves and modes',
    'a\u001b[31mb\u001b[2Jc\u001b[?25l\u001b[?1049hd\u001b[10;20H',
    'a�b�c�d�',
  ],
  [
    'E02 OSC title, link, clipboard, ended by BEL or ST',
    'a\u001b]0;t\u0007b\u001b]52;c;eA==\u001b\\c\u001b]8;;http://x\u009cd',
    'a�b�c�d',
  ],
  [
    'E03 DCS, APC, PM and SOS',
    'a\u001bP1$r\u001b\\b\u001b_x\u001b\\c\u001b^y\u001b\\d\u001bXz\u001b\\e',
    'a�b�c�d�e',
  ],
  ['E03 an OSC without an end stops at the line', 'a\u001b]0;never ends\nnext', 'a�\nnext'],
  ['E04 C1 as characters', 'a\u009b31mb\u009d0;t\u0007c\u0090q\u009cd\u0085e', 'a�b�c�d�e'],
  ['E06 queries that make a terminal answer', 'a\u001b[6n\u001b[c\u001bP$q"p\u001b\\b', 'a�b'],
  ['E07 backspace, CR, VT, FF, NUL and DEL', 'a\bb\rc\u000bd\u000ce\u0000f\u007fg', 'a�b�c�d�e�f�g'],
  ['E08 characters that reorder text', 'a\u202eb\u2066c\u200fd\u061ce', 'a�b�c�d�e'],
  ['E09 zero width, soft hyphen, tags', 'a\u200bb\u00adc\ufeffd\u{e0041}e\u2060f', 'a�b�c�d�e�f'],
  ['other escapes: charset, index, reset', 'a\u001b(0b\u001bDc\u001bcd\u001b#8e', 'a�b�c�d�e'],
  ['an escape aborted by text that no sequence holds', 'a\u001b[12\u00e9b', 'a�éb'],
  ['line ends of other systems', 'a\r\nb', 'a\nb'],
  ['lone halves of a pair', 'a\ud800b\udc00c', 'a�b�c'],
  ['E11 marks piled on one letter', `a${'\u0301'.repeat(1_000)}b`, `a${'\u0301'.repeat(8)}�b`],
  ['E03 a CSI that goes on and on', `a\u001b[${'1'.repeat(300)}b`, `a�${'1'.repeat(44)}b`],
  ['E03 an OSC that hides a page', `a\u001b]0;${'x'.repeat(70_000)}`, `a�${'x'.repeat(4_466)}`],
  ['E07 a line that overwrites itself', 'rm -rf /\rls', 'rm -rf /�ls'],
  [
    'E09 a sentence in tags behind a flag',
    `\u{1f3f4}${'\u{e0061}'.repeat(40)}b`,
    `\u{1f3f4}${'\u{e0061}'.repeat(7)}�b`,
  ],
  ['a byte order mark in front', '\ufeffa', 'a'],
];

describe('sanitize', () => {
  it.each(cases)('removes what is not text: %s', (_, text, shown) => {
    expect(sanitize(text)).toBe(shown);
  });

  it.each([
    ['plain text with tabs and newlines', 'a\tb\nc'],
    ['accents, CJK and right-to-left letters', 'é ñ 漢字 かな 한글 שלום مرحبا'],
    ['decomposed accents and Indic marks', 'e\u0301 क्षि นี้'],
    ['families, skin tones, keycaps and flags', '👩‍👩‍👧‍👦 👍🏽 1️⃣ 🇩🇪 ❤️'],
    ['the flag of Scotland, made of tags', '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'],
    ['Persian with a non-joiner', 'می\u200cخواهم'],
  ])('keeps %s', (_, text) => {
    expect(sanitize(text)).toBe(text);
  });

  it.each(cases)('E05 gives the same when split at any place: %s', (_, text, shown) => {
    const cuts = long || text.length < 10_000 ? 1_000 : 100;
    const step = Math.ceil(text.length / cuts);
    for (let cut = 0; cut <= text.length; cut += step) {
      const sanitizer = createSanitizer();
      expect(sanitizer.push(text.slice(0, cut)) + sanitizer.push(text.slice(cut))).toBe(shown);
    }
    const sanitizer = createSanitizer();
    expect([...Array(text.length).keys()].map((index) => sanitizer.push(text[index]!)).join('')).toBe(shown);
  });

  it('E05 gives the same in any chunks, and nothing that controls a terminal', () => {
    const unit = fc.oneof(
      fc.constantFrom(
        '\u001b',
        '[',
        ']',
        'P',
        '_',
        '\\',
        '\u0007',
        '\u009b',
        '\u009d',
        '\u009c',
        '3',
        ';',
        'm',
        '?',
        '\n',
        '\r',
      ),
      fc.constantFrom(
        'a',
        'é',
        '😀',
        '\ud83d',
        '\ude00',
        '\u200d',
        '\ufe0f',
        '\u0301',
        '\u{e0061}',
        '\u{1f3f4}',
        '\u202e',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 60 }), (units) => {
        const sanitizer = createSanitizer();
        const pieces = units.map((one) => sanitizer.push(one)).join('');
        expect(pieces).toBe(sanitize(units.join('')));
        expect(pieces).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        expect(pieces).not.toMatch(/\p{Surrogate}/u);
        expect(sanitize(pieces)).toBe(pieces);
      }),
      { numRuns: 2_000 },
    );
  });
});
