import { readLine } from '../markdown-lines.js';

/** The fenced blocks of a Markdown text, in order, without their fences and what they stand in. One that never ends goes to the end. */
export function codeBlocks(markdown: string): string[] {
  const blocks: string[] = [];
  let open: { readonly indent: number; readonly lines: string[] } | undefined;
  let fence = '';
  for (const line of markdown.split('\n')) {
    const read = readLine(fence, line);
    fence = read.fence;
    if (open && read.kind !== 'code') {
      blocks.push(open.lines.join('\n'));
      open = undefined;
    }
    if (read.kind === 'opens') open = { indent: read.inner.search(/[`~]/), lines: [] };
    else if (open) open.lines.push(withoutIndent(read.inner, open.indent));
  }
  if (open) blocks.push(open.lines.join('\n'));
  return blocks;
}

function withoutIndent(line: string, most: number): string {
  const indent = /^ */.exec(line)![0].length;
  return line.slice(Math.min(indent, most));
}
