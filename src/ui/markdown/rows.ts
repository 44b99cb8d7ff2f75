import { fenceAfter, isTableLine } from '../../live-text.js';
import { clip } from '../displayable.js';
import { breakHanging, continued, type Span, type SpanStyle } from '../spans.js';
import { inlineSpans } from './inline.js';
import { tableRows } from './table.js';

export interface MarkdownOptions {
  readonly columns: number;
  /** The code fence that the first line stands in; empty outside of code. */
  readonly fence?: string;
  /** The last line has not ended: constructs that it leaves open count as closed there. */
  readonly open?: boolean;
}

const heading = /^ {0,3}#{1,6}(?: +(.*?))?(?: +#+)? *$/;
const rule = /^ {0,3}([-*_])(?: *\1){2,} *$/;
const quote = /^ {0,3}> ?(.*)$/;
const item = /^( *)([-*+]|\d{1,9}[.)]) +(\[[ xX]\] +)?(.*)$/;
const longestRule = 40;
const codeIndent: Span = { text: '  ', style: 'plain' };

/**
 * Markdown as rows of at most `columns` cells, without its markers. A pure function of whole lines: cut between any two
 * lines but those of a table, the parts (each with its `fence`) give the rows of the whole.
 */
export function markdownRows(text: string, options: MarkdownOptions): Span[][] {
  const { columns, open = false } = options;
  const lines = text.split('\n');
  const rows: Span[][] = [];
  let fence = options.fence ?? '';
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const after = fenceAfter(fence, line);
    if (after !== fence) rows.push(...languageRow(after === '' ? '' : line, columns));
    else if (fence !== '') rows.push(...codeRows(line, columns));
    else if (isTableLine(line)) {
      const start = index;
      while (isTableLine(lines[index + 1] ?? '')) index += 1;
      const isLast = open && index === lines.length - 1;
      rows.push(...tableOrText(lines.slice(start, index + 1), columns, isLast));
    } else rows.push(...lineRows(line, columns, open && index === lines.length - 1));
    fence = after;
  }
  return rows;
}

function languageRow(line: string, columns: number): Span[][] {
  const language = line.replace(/^[\s`~]+/, '').split(/\s/, 1)[0] ?? '';
  if (language === '') return [];
  return [[{ text: clip(codeIndent.text + language, columns), style: 'dim' }]];
}

function codeRows(line: string, columns: number): Span[][] {
  return breakHanging([{ text: line, style: 'plain' }], {
    columns,
    how: 'hard',
    first: [codeIndent],
    rest: [continued],
  });
}

function tableOrText(lines: readonly string[], columns: number, open: boolean): Span[][] {
  const table = tableRows(lines, columns, open);
  return table ?? lines.flatMap((line, index) => lineRows(line, columns, open && index === lines.length - 1));
}

function lineRows(line: string, columns: number, open: boolean): Span[][] {
  // Stars that have just begun may also become bold text.
  if (rule.test(line) && !(open && line.includes('*'))) {
    return [[{ text: '─'.repeat(Math.min(columns, longestRule)), style: 'dim' }]];
  }
  const title = heading.exec(line);
  if (title) return hanging(inlineSpans(title[1] ?? '', 'bold', open), columns, '', '', 'plain');
  const quoted = quote.exec(line);
  if (quoted) {
    const bar: Span = { text: '│ ', style: 'dim' };
    if (columns <= 8) return hanging(inlineSpans(line, 'plain', open), columns, '', '', 'plain');
    return lineRows(quoted[1] ?? '', columns - 2, open).map((row) => [bar, ...row]);
  }
  const [, indent = '', marker, box, said = ''] = item.exec(line) ?? [];
  if (marker !== undefined) {
    const sign = box ? (/x/i.test(box) ? '☑' : '☐') : /\d/.test(marker) ? marker : '•';
    const start = `${indent.slice(0, Math.floor(columns / 4))}${sign} `;
    return hanging(inlineSpans(said, 'plain', open), columns, start, ' '.repeat(start.length), 'dim');
  }
  const margin = (/^ */.exec(line)?.[0] ?? '').slice(0, Math.floor(columns / 4));
  return hanging(inlineSpans(line.trimStart(), 'plain', open), columns, margin, margin, 'plain');
}

function hanging(
  spans: readonly Span[],
  columns: number,
  first: string,
  rest: string,
  style: SpanStyle,
): Span[][] {
  return breakHanging(spans, {
    columns,
    how: 'words',
    first: [{ text: first, style }],
    rest: [{ text: rest, style }],
  });
}
