import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inlineSpans } from '../../../src/ui/markdown/inline.js';
import { plainText } from '../../../src/ui/spans.js';

const styled = (text: string, open = false) =>
  inlineSpans(text, 'plain', open).map(({ text: part, style }) => `${style}:${part}`);

describe('Markdown inside a line', () => {
  it.each([
    ['plain text', ['plain:plain text']],
    ['use `npm ci` **now**', ['plain:use ', 'code:npm ci', 'plain: ', 'bold:now']],
    ['an *em* word', ['plain:an ', 'italic:em', 'plain: word']],
    ['***both***', ['bold:both']],
    ['a &lt; b &amp;&amp; `&lt;`<br>&copy; &#27;', ['plain:a < b && ', 'code:&lt;', 'plain: &copy; &#27;']],
    ['**bold with `code` in it**', ['bold:bold with ', 'code:code', 'bold: in it']],
    ['**bold with *italic* in it**', ['bold:bold with italic in it']],
    ['``a ` b``', ['code:a ` b']],
    ['`` `tick` ``', ['code:`tick`']],
    ['\\*no\\* \\`code\\`', ['plain:*no* `code`']],
    [
      'see [the docs](https://a.b/c "title") now',
      ['plain:see ', 'link:the docs', 'dim: (https://a.b/c)', 'plain: now'],
    ],
    ['[https://a.b](https://a.b)', ['link:https://a.b']],
    ['[a](b_(c))', ['link:a', 'dim: (b_(c))']],
    ['<https://a.b/c>', ['link:https://a.b/c']],
    ['see [the docs][ref] now', ['plain:see ', 'link:the docs', 'dim: [ref]', 'plain: now']],
    ['[the docs][] and [docs][Docs]', ['link:the docs', 'plain: and ', 'link:docs']],
    ['![a picture][p]', ['link:a picture', 'dim: [p]']],
    ['keep ~~drop *this*~~ too', ['plain:keep ', 'struck:~~drop *this*~~', 'plain: too']],
    ['a line that ends\\', ['plain:a line that ends']],
    ['a line that ends  ', ['plain:a line that ends']],
    ['![a picture](p.png)', ['link:a picture', 'dim: (p.png)']],
  ])('shows %j without its markers', (text, expected) => {
    expect(styled(text)).toEqual(expected);
  });

  it.each([
    '2 * 3 * 4 and a ** b',
    'an open `tick',
    'an open **star',
    'snake_case_name and __init__.py',
    'a[0](x',
    'list[index] and f(x)',
    'a*b*c',
    'src/**/*.ts and **/*.js',
    '<div> & generic<T>',
    'rows[index][0] and f()[a][b]',
    'said by two [1][2]',
    'about ~5 and ~~ or ~~~a~~~',
    'an open ~~strike',
    'C:\\Users\\',
    'a backslash \\',
    'code `a\\',
  ])('leaves %j as it is', (text) => {
    expect(plainText(inlineSpans(text))).toBe(text);
  });

  it.each([
    ['some **bo', 'some bo'],
    ['some **bold*', 'some bold'],
    ['some **', 'some '],
    ['a `co', 'a co'],
    ['see [docs](htt', 'see docs (htt)'],
    ['2 * 3', '2 * 3'],
    ['see [docs][re', 'see docs [re]'],
    ['~~str', '~~str'],
    ['a\\', 'a\\'],
  ])('a line that is still coming shows %j as it will be: %j', (text, expected) => {
    expect(plainText(inlineSpans(text, 'plain', true))).toBe(expected);
  });

  it('a paragraph that streams in never shows a marker of its bold text, code or link address', () => {
    const text = 'First **bold words** then `code` and *more* of it.';
    for (let end = 1; end <= text.length; end += 1) {
      expect(plainText(inlineSpans(text.slice(0, end), 'plain', true))).not.toMatch(/[*`]/);
    }
  });

  it('loses no letter, whatever the line', () => {
    const piece = fc.constantFrom(
      'a',
      'b ',
      '*',
      '**',
      '`',
      '[',
      '](',
      ')',
      '][',
      ']',
      '~~',
      '<br>',
      '\\',
      '!',
      '<',
      '>',
      ' ',
      '漢',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.boolean(), (pieces, open) => {
        const text = pieces.join('');
        // A link whose text is its address, or its reference, is shown once.
        fc.pre(!/\[(.+)\][([]\1|\(\s*<br>/.test(text));
        const letters = (all: string) => all.replaceAll('<br>', '').replace(/[^ab漢]/g, '');
        expect(letters(plainText(inlineSpans(text, 'plain', open)))).toBe(letters(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes a line of nothing but markers at once, and nested as deep as they may be', () => {
    const before = process.cpuUsage();
    for (const marker of [
      '*a ',
      '`',
      '**a',
      '*a **b ',
      '[',
      '](',
      '[a](',
      '`a``b',
      '\\',
      '~~a ',
      '[a][',
      '~',
    ]) {
      const text = marker.repeat(Math.floor(4_096 / marker.length));
      for (const open of [true, false]) expect(inlineSpans(text, 'plain', open).length).toBeGreaterThan(0);
    }
    // What is computed, not the time that passes while others compute.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(1_500);
  });
});
