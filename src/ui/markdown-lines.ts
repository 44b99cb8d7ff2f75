import { isFence } from '../live-text.js';
import type { Span } from './spans.js';

export interface StyledLine {
  readonly spans: readonly Span[];
  /** Code and tables keep their columns: they are broken anywhere, not at words. */
  readonly verbatim: boolean;
}

const heading = /^\s{0,3}#{1,6}\s/;
/** Code, bold and italic, each closed on the same line. The markers stay: what is copied is still Markdown. */
const inline = /(`+)(?!`).*?[^`]\1(?!`)|\*\*(?=\S).*?\S\*\*|(?<![\w*])\*(?=[^\s*]).*?[^\s*]\*(?![\w*])/g;

/** Light Markdown, a line at a time: headings and emphasis stand out, fences step back. */
export function styleLine(line: string, fenced: boolean): StyledLine {
  if (isFence(line)) return { spans: [{ text: line, style: 'dim' }], verbatim: true };
  if (fenced) return { spans: [{ text: line, style: 'plain' }], verbatim: true };
  if (heading.test(line)) return { spans: [{ text: line, style: 'bold' }], verbatim: false };
  return { spans: inlineSpans(line), verbatim: line.startsWith('|') };
}

/** Every line of a text; `fenced` tells whether the first one stands inside a code fence. */
export function styleLines(text: string, fenced: boolean): StyledLine[] {
  let inside = fenced;
  return text.split('\n').map((line) => {
    const styled = styleLine(line, inside);
    if (isFence(line)) inside = !inside;
    return styled;
  });
}

function inlineSpans(line: string): Span[] {
  if (!line.includes('`') && !line.includes('*')) return [{ text: line, style: 'plain' }];
  const spans: Span[] = [];
  let end = 0;
  for (const match of line.matchAll(inline)) {
    const [text] = match;
    if (match.index > end) spans.push({ text: line.slice(end, match.index), style: 'plain' });
    const style = text.startsWith('`') ? 'code' : text.startsWith('**') ? 'bold' : 'italic';
    spans.push({ text, style });
    end = match.index + text.length;
  }
  if (end < line.length || spans.length === 0) spans.push({ text: line.slice(end), style: 'plain' });
  return spans;
}
