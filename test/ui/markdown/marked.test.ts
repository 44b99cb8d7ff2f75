import fc from 'fast-check';
import { Lexer, type Token, type Tokens } from 'marked';
import { describe, expect, it } from 'vitest';
import { markdownRows } from '../../../src/ui/markdown/rows.js';
import { plainText, type Span } from '../../../src/ui/spans.js';

/** What marked says of a word: how deep in lists and quotes it stands, and how it is written. */
interface Said {
  readonly word: string;
  readonly style: 'plain' | 'bold' | 'italic' | 'code' | 'link' | 'struck' | 'block of code';
  readonly depth: number;
}

const styles: Readonly<Record<string, Said['style']>> = {
  heading: 'bold',
  strong: 'bold',
  em: 'italic',
  codespan: 'code',
  link: 'link',
  code: 'block of code',
  del: 'struck',
};

function saidBy(tokens: readonly Token[], style: Said['style'] = 'plain', depth = 0): Said[] {
  return tokens.flatMap((token): Said[] => {
    // A run has one style: what is bold stays so inside.
    const staysBold = style === 'bold' && (token.type === 'em' || token.type === 'link');
    const own = staysBold ? 'bold' : (styles[token.type] ?? style);
    if (token.type === 'table') {
      const { header, rows } = token as Tokens.Table;
      const cells = (row: readonly Tokens.TableCell[], how: Said['style']) =>
        row.flatMap((cell) => saidBy(cell.tokens, how, depth));
      return [...cells(header, 'bold'), ...rows.flatMap((row) => cells(row, 'plain'))];
    }
    if (token.type === 'list')
      return (token as Tokens.List).items.flatMap((item) => saidBy(item.tokens, style, depth + 1));
    const inner = (token as Tokens.Generic).tokens;
    if (inner) return saidBy(inner, own, depth + (token.type === 'blockquote' ? 1 : 0));
    const text = 'text' in token ? String(token.text) : '';
    return (text.match(/w\d{3}/g) ?? []).map((word) => ({ word, style: own, depth }));
  });
}

/** The same of what is drawn; the depth is where the row's text begins. */
function drawn(text: string): (Said & { readonly column: number })[] {
  return markdownRows(text, { columns: 200 }).flatMap((row) => {
    const line = plainText(row);
    const column = line.search(/[^\s│•\d.☐☑]/u);
    return row.flatMap(({ text: part, style }: Span) =>
      (part.match(/w\d{3}/g) ?? []).map((word) => ({
        word,
        style: style as Said['style'],
        depth: 0,
        column,
      })),
    );
  });
}

let count = 0;
const word = fc.constant(null).map(() => {
  count = (count + 1) % 1_000;
  return `w${String(count).padStart(3, '0')}`;
});
const inline = fc.oneof(
  { weight: 4, arbitrary: word },
  word.map((one) => `**${one}**`),
  word.map((one) => `*${one}*`),
  word.map((one) => `\`${one}\``),
  word.map((one) => `[${one}](https://example.org/x)`),
  word.map((one) => `~~${one}~~`),
  word.map((one) => `[${one}][ref]`),
  fc.tuple(word, word).map(([one, two]) => `**${one} *${two}***`),
);
const sentence = fc.array(inline, { minLength: 1, maxLength: 5 }).map((all) => all.join(' '));
const indented = (lines: readonly string[], by: string) =>
  lines.map((line) => (line === '' ? '' : by + line));

const heading = fc
  .tuple(fc.integer({ min: 1, max: 6 }), word)
  .map(([level, said]) => [`${'#'.repeat(level)} ${said}`]);
const leaf: fc.Arbitrary<string[]> = fc.oneof(
  sentence.map((said) => [said]),
  fc.array(word, { minLength: 1, maxLength: 3 }).map((lines) => ['```', ...lines, '```']),
  fc.tuple(sentence, sentence, sentence).map(([a, b, c]) => [`| ${a} | ${b} |`, '|---|:-:|', `| ${c} | x |`]),
  fc.array(sentence, { minLength: 1, maxLength: 3 }).map((lines) => lines.map((line) => `> ${line}`)),
);
const quoted: fc.Arbitrary<string[]> = fc

  .tuple(fc.array(fc.oneof(leaf, heading), { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 2 }))
  .map(([blocks, depth]) =>
    blocks
      .flatMap((block, index) => [...(index === 0 ? [] : ['']), ...block])
      .map((line) => `${'> '.repeat(depth)}${line}`),
  );
const below: fc.Arbitrary<string[]> = fc.oneof(leaf, quoted);
const withBlocks: fc.Arbitrary<string[]> = fc
  .tuple(fc.constantFrom('-', '1.', '10)'), sentence, fc.array(below, { minLength: 1, maxLength: 2 }))
  .map(([marker, said, blocks]) => [
    `${marker} ${said}`,
    ...blocks.flatMap((block) => ['', ...indented(block, ' '.repeat(marker.length + 1))]),
  ]);
const list: fc.Arbitrary<string[]> = fc.letrec<{ list: string[]; item: string[] }>((tie) => ({
  item: fc
    .tuple(sentence, fc.option(tie('list'), { maxDepth: 3, nil: [] }))
    .map(([said, below]) => [said, ...below]),
  list: fc
    .tuple(fc.constantFrom('-', '*', '1.', '10)'), fc.array(tie('item'), { minLength: 1, maxLength: 3 }))
    .map(([marker, items]) =>
      items.flatMap(([said = '', ...below]) => [
        `${marker} ${said}`,
        ...indented(below, ' '.repeat(marker.length + 1)),
      ]),
    ),
})).list;
const document = fc
  .array(fc.oneof(leaf, heading, quoted, withBlocks, list), { minLength: 1, maxLength: 6 })
  .map((blocks) =>
    [...blocks.map((block) => block.join('\n')), '[ref]: https://example.org/ref'].join('\n\n'),
  );

describe('what is drawn is what marked reads', () => {
  it('word by word, in the same order and each in its style', () => {
    fc.assert(
      fc.property(document, (text) => {
        const expected = saidBy(Lexer.lex(text)).map(({ word: said, style }) => [
          said,
          style === 'block of code' ? 'plain' : style,
        ]);
        // A link says its address too; it has no word of these.
        expect(drawn(text).map(({ word: said, style }) => [said, style])).toEqual(expected);
      }),
      { numRuns: 400 },
    );
  });

  it('and the deeper a list is, the further in its items stand', () => {
    fc.assert(
      fc.property(list, (lines) => {
        const text = lines.join('\n');
        const columns = new Map(drawn(text).map(({ word: said, column }) => [said, column]));
        const byDepth = new Map<number, Set<number>>();
        for (const { word: said, depth } of saidBy(Lexer.lex(text)))
          byDepth.set(depth, (byDepth.get(depth) ?? new Set()).add(columns.get(said) ?? -1));
        for (const [depth, own] of byDepth) {
          const above = byDepth.get(depth - 1);
          if (above) expect(Math.min(...own)).toBeGreaterThan(Math.min(...above));
        }
      }),
      { numRuns: 300 },
    );
  });
});
