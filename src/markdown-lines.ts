/**
 * What one line of Markdown is. `opens` and `closes` are the fences of a block of code, `code` stands between them;
 * everything else is `text`, also the line behind a quote whose code nothing closed.
 */
export interface MarkdownLine {
  readonly kind: 'opens' | 'code' | 'closes' | 'text';
  /** The code fence that is open behind this line: its marks behind one `>` for each quote around it; empty outside of code. */
  readonly fence: string;
  /** The line without the marks of the quotes that its block stands in; of text without those of all quotes. */
  readonly inner: string;
  /** What the opening fence says of its code. */
  readonly info: string;
}

/** Lists put quotes, fences and tables further in than the three spaces of the standard. */
const quoteMark = /^ {0,12}> ?/;
/** A list item may begin with its code. */
const opening = /^ {0,12}(?:(?:[-*+]|\d{1,9}[.)]) {1,4})?(`{3,}|~{3,})([^`]*)$/;
const closing = /^ {0,12}(`{3,}|~{3,})\s*$/;
const tableStart = /^ {0,12}\|/;
/** Of quotes inside of each other so many are looked into. */
const deepest = 8;

/** Reads a line, given the fence that the one before it left open. Looks at nothing else. */
export function readLine(fence: string, line: string): MarkdownLine {
  const within = quotesOf(fence);
  if (fence !== '') {
    const { depth, inner } = unquoted(line, within);
    const [, marks = ''] = depth === within ? (closing.exec(inner) ?? []) : [];
    if (marks !== '' && marks.startsWith(fence.slice(within)))
      return { kind: 'closes', fence: '', inner, info: '' };
    // A quote that ends takes its code along.
    if (depth === within) return { kind: 'code', fence, inner, info: '' };
  }
  const { depth, inner } = unquoted(line, deepest);
  const [, marks = '', info = ''] = opening.exec(inner) ?? [];
  if (marks === '') return { kind: 'text', fence: '', inner, info: '' };
  return { kind: 'opens', fence: '>'.repeat(depth) + marks, inner, info: info.trim() };
}

/** The code fence that is open behind this line, given the one before it; empty outside of code. */
export function fenceAfter(fence: string, line: string): string {
  return readLine(fence, line).fence;
}

/** In how many quotes the table stands that this line is one of, as models write them: with a bar at its start. */
export function tableDepth(line: string): number | undefined {
  const { depth, inner } = unquoted(line, deepest);
  return tableStart.test(inner) ? depth : undefined;
}

/** What stands before each line of the code that is open here. */
export function quotePrefix(fence: string): string {
  const depth = quotesOf(fence);
  return depth === 0 ? '' : `${'>'.repeat(depth)} `;
}

function quotesOf(fence: string): number {
  let depth = 0;
  while (fence[depth] === '>') depth += 1;
  return depth;
}

/** The line without the marks of at most `most` quotes, and how many there were. */
function unquoted(line: string, most: number): { depth: number; inner: string } {
  let inner = line;
  let depth = 0;
  for (; depth < most; depth += 1) {
    const [mark] = quoteMark.exec(inner) ?? [];
    if (mark === undefined) break;
    inner = inner.slice(mark.length);
  }
  return { depth, inner };
}
