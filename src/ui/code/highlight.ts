import type { Span, SpanStyle } from '../spans.js';
import { highlighter, type Node } from './grammars.js';

/** Colours the lines of one block of code, in their order. */
export interface LineHighlighter {
  /** One line, without its end, as spans that together are the line. */
  line(text: string): Span[];
}

/** A line longer than this, in characters, is plain: nobody reads it for its colours. */
const longestLine = 1_000;
/** What is still open, a comment or a string over many lines, is read again with each line; beyond this the block goes on plain. */
const longestContext = 4_000;

/**
 * `highlight.js` takes no state along from one call to the next, but it tells where it stopped. A line that ends outside
 * of everything leaves nothing behind; one that leaves something open is read again together with the next. So each line
 * is coloured by itself, in whatever pieces a block comes.
 */
export function createLineHighlighter(language: string): LineHighlighter {
  let open = '';
  let lost = false;
  return {
    line(text) {
      if (lost || text.length > longestLine) {
        lost ||= open !== '';
        return [{ text, style: 'plain' }];
      }
      const { spans, isOpen } = highlight(`${open}${text}\n`, language);
      const shown = lastLine(spans, text);
      open = isOpen ? `${open}${text}\n` : '';
      lost = open.length > longestContext;
      return shown;
    },
  };
}

function highlight(code: string, language: string): { spans: Span[]; isOpen: boolean } {
  const answer = highlighter.highlight(code, { language, ignoreIllegals: true });
  const spans: Span[] = [];
  collect(answer._emitter.rootNode, 'plain', spans);
  return { spans, isOpen: answer._top?.parent !== undefined };
}

function collect(node: Node, outer: SpanStyle, spans: Span[]): void {
  const style = node.scope === undefined ? outer : styleOf(node.scope, outer);
  for (const child of node.children) {
    if (typeof child === 'string') spans.push({ text: child, style });
    else collect(child, style, spans);
  }
}

/** The spans of the last line, which ends with a line end. */
function lastLine(spans: readonly Span[], line: string): Span[] {
  let left = line.length + 1;
  const found: Span[] = [];
  for (let index = spans.length - 1; index >= 0 && left > 0; index -= 1) {
    const { text, style } = spans[index]!;
    const part = text.slice(-left);
    left -= part.length;
    const shown = part.replace(/\n$/, '');
    const next = found[0];
    if (next?.style === style) found[0] = { text: shown + next.text, style };
    else if (shown !== '') found.unshift({ text: shown, style });
  }
  return found.length === 0 ? [{ text: line, style: 'plain' }] : found;
}

const styles: Readonly<Record<string, SpanStyle>> = {
  keyword: 'keyword',
  built_in: 'type',
  type: 'type',
  literal: 'number',
  number: 'number',
  regexp: 'string',
  string: 'string',
  symbol: 'string',
  'char.escape': 'number',
  subst: 'plain',
  comment: 'comment',
  doctag: 'comment',
  quote: 'comment',
  title: 'function',
  section: 'keyword',
  name: 'keyword',
  tag: 'plain',
  attr: 'property',
  attribute: 'property',
  property: 'property',
  variable: 'property',
  'template-variable': 'property',
  'selector-tag': 'keyword',
  'selector-id': 'function',
  'selector-class': 'function',
  'selector-pseudo': 'function',
  meta: 'comment',
  bullet: 'number',
  code: 'string',
  emphasis: 'italic',
  strong: 'bold',
  link: 'link',
  addition: 'added',
  deletion: 'removed',
};

/** `title.class.inherited` is styled as the nearest of its beginnings that has a style. */
function styleOf(scope: string, outer: SpanStyle): SpanStyle {
  if (scope.startsWith('title.class')) return 'type';
  return styles[scope] ?? styles[scope.split('.', 1)[0] ?? ''] ?? outer;
}
