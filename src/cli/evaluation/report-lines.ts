import { clip, oneLine } from '../../ui/displayable.js';
import { type Column, fitTable } from '../stats/fit-table.js';
import type { Glyphs, TerminalLook } from '../stats/glyphs.js';

/** Where a report is drawn. */
export interface ReportLook extends TerminalLook {
  readonly glyphs: Glyphs;
}

export const BAR_CELLS = 10;

/** One line of foreign text, cut where the terminal ends. */
export function line(text: string, { width, glyphs }: ReportLook): string {
  const whole = glyphs.text(oneLine(text));
  return width === 0 ? whole : clip(whole, width);
}

/** A line that is further in than what it belongs to. */
export function indented(text: string, look: ReportLook): string {
  const width = look.width === 0 ? 0 : Math.max(1, look.width - 2);
  return `  ${line(text, { ...look, width })}`;
}

/** Names of strategies up to this length are shown whole where numbers can give way. */
const WHOLE_NAME = 20;

/** A table under a dim head. */
export function table(columns: readonly Column[], { width, colours, glyphs }: ReportLook): string[] {
  const [head = '', ...rows] = fitTable(columns, width, WHOLE_NAME).map((row) => glyphs.text(row));
  return [colours.dim(head), ...rows];
}

/** What the numbers do not show, a paragraph each. */
export function notShownLines(sentences: readonly string[], look: ReportLook): string[] {
  return ['What this does not show:', ...sentences.flatMap((sentence) => paragraph(`- ${sentence}`, look))];
}

const PLAIN_WIDTH = 120;

/** Foreign text broken at its spaces where the terminal ends; further lines are further in. */
export function paragraph(text: string, { width, glyphs }: ReportLook): string[] {
  const most = width === 0 ? PLAIN_WIDTH : width;
  const lines: string[] = [];
  let current = '';
  for (const word of glyphs.text(oneLine(text)).split(' ')) {
    if (current !== '' && current.length + 1 + word.length > most) {
      lines.push(current);
      current = `  ${word}`;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, current];
}
