import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineHighlighter } from '../../../src/ui/code/highlight.js';
import { languageOf } from '../../../src/ui/code/languages.js';
import { plainText } from '../../../src/ui/spans.js';

function coloured(language: string, lines: readonly string[]) {
  const highlighter = createLineHighlighter(language);
  return lines.map((line) => highlighter.line(line));
}
/** The styles of the words of a line, plain ones left out. */
const shown = (language: string, ...lines: string[]) =>
  coloured(language, lines).map((spans) =>
    spans
      .filter(({ style, text }) => style !== 'plain' && text.trim() !== '')
      .map(({ text, style }) => `${style} ${text.trim()}`),
  );

describe('code line by line', () => {
  it('has its keywords, strings, numbers and comments', () => {
    expect(shown('typescript', "const a: string = 'x'; // why", 'return f(42);')).toEqual([
      ['keyword const', 'property a', 'type string', "string 'x'", 'comment // why'],
      ['keyword return', 'function f', 'number 42'],
    ]);
  });

  it.each([
    ['a comment', 'typescript', ['/* one', 'const two', '*/ const three'], ['comment', 'comment', 'keyword']],
    ['a template', 'javascript', ['f(`one', 'const two', '`); return'], ['string', 'string', 'keyword']],
    [
      'a docstring',
      'python',
      ['"""one', 'import two', '"""', 'import three'],
      ['string', 'string', 'string', 'keyword'],
    ],
    [
      'a raw string',
      'rust',
      ['let a = r#"one', 'fn two', '"#;', 'fn three() {}'],
      ['string', 'string', 'string', 'keyword'],
    ],
    [
      'an HTML comment',
      'xml',
      ['<!-- one', '<b>', '-->', '<b>'],
      ['comment', 'comment', 'comment', 'keyword'],
    ],
    [
      'a CSS comment',
      'css',
      ['/* one', 'a { }', '*/', 'a { }'],
      ['comment', 'comment', 'comment', 'keyword'],
    ],
    [
      'an SQL comment',
      'sql',
      ['/* one', 'SELECT', '*/', 'SELECT 1'],
      ['comment', 'comment', 'comment', 'keyword'],
    ],
  ])('knows that %s goes on (%s)', (_, language, lines, expected) => {
    const found = coloured(language, lines).map((spans) => spans.map(({ style }) => style));
    for (const [index, style] of expected.entries()) expect(found[index]).toContain(style);
    for (const [index, style] of expected.entries())
      if (style === 'comment' && index === 1) expect(new Set(found[index])).toEqual(new Set(['comment']));
  });

  it('is plain where a line is too long, and after a comment that never ends', () => {
    expect(coloured('typescript', [`const a = '${'x'.repeat(1_000)}'`])[0]).toMatchObject([
      { style: 'plain' },
    ]);
    const lines = ['/*', ...Array.from({ length: 200 }, () => 'const a = 1; and so on and so forth')];
    expect(coloured('typescript', lines).at(-1)).toMatchObject([{ style: 'plain' }]);
  });

  it('shows every character of any text, in every language', () => {
    const languages = [
      'typescript',
      'python',
      'bash',
      'xml',
      'css',
      'markdown',
      'php',
      'yaml',
      'diff',
      'dockerfile',
      'ini',
      'cpp',
    ];
    const piece = fc.constantFrom(
      '/*',
      '*/',
      '"',
      "'",
      '`',
      '${',
      '}',
      '<script>',
      '</script>',
      '{',
      '(',
      '#',
      '\\',
      '漢字',
      '👩‍🚀',
      'const a',
      ' ',
      '<<EOF',
      '"""',
    );
    const line = fc.array(piece, { maxLength: 8 }).map((all) => all.join(''));
    fc.assert(
      fc.property(fc.constantFrom(...languages), fc.array(line, { maxLength: 8 }), (language, lines) => {
        expect(coloured(language, lines).map(plainText)).toEqual(lines);
      }),
      { numRuns: 500 },
    );
  });
});

it('languages are known by the names that fences give them', () => {
  expect(['ts', 'Python', 'js title="a.js"', '{.rust}', 'html'].map(languageOf)).toEqual([
    'typescript',
    'python',
    'javascript',
    'rust',
    'xml',
  ]);
  expect(['', 'text', 'mermaid', 'constructor'].map(languageOf)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
