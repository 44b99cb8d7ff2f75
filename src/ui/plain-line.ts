import { cells } from './break-rows.js';

/** What is being written, as it stands on the last line of a terminal. */
export interface PlainLine {
  readonly text: string;
  /** UTF-16 place of the cursor. */
  readonly cursor: number;
}

/**
 * What to write so that the line on the screen becomes another, with nothing but characters and backspaces; `undefined`
 * where that cannot be done and the line has to be written anew. `columns` is what the line has room for.
 */
export function echoOf(shown: PlainLine, wanted: PlainLine, columns: number): string | undefined {
  const isWide = cells(wanted.text) > columns || cells(shown.text) > columns;
  if (isWide || /\n/.test(shown.text + wanted.text)) return undefined;
  const typed = wanted.text.slice(shown.cursor);
  const atEnd = (line: PlainLine) => line.cursor === line.text.length;
  if (atEnd(shown) && atEnd(wanted)) {
    if (wanted.text.startsWith(shown.text)) return typed;
    if (!shown.text.startsWith(wanted.text)) return undefined;
    return '\b \b'.repeat(cells(shown.text.slice(wanted.text.length)));
  }
  if (shown.text !== wanted.text) return undefined;
  if (wanted.cursor >= shown.cursor) return shown.text.slice(shown.cursor, wanted.cursor);
  return '\b'.repeat(cells(shown.text.slice(wanted.cursor, shown.cursor)));
}

/** A line written anew behind its prompt, with the cursor in its place where backspaces lead there. */
export function lineAnew({ text, cursor }: PlainLine, prompt: string): string {
  const rest = text.slice(cursor);
  const back = rest.includes('\n') ? '' : '\b'.repeat(cells(rest));
  return prompt + text.replaceAll('\n', `\n${' '.repeat(prompt.length)}`) + back;
}
