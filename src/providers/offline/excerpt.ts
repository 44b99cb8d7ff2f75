import { isComment } from './definition.js';

export interface NumberedLine {
  readonly line: number;
  readonly text: string;
}

const LINES_BEFORE = 3;
const LINES_AFTER = 7;
const MAX_LINE_CHARACTERS = 200;

/** The lines to show for one place: the comment above it, the line itself and what follows, without blank edges. */
export function excerptAround(lines: readonly NumberedLine[], line: number): NumberedLine[] {
  const at = lines.findIndex((one) => one.line === line);
  if (at < 0) return [];
  let start = at;
  while (start > 0 && at - start < LINES_BEFORE && belongsAbove(lines[start - 1] as NumberedLine)) start--;
  if (start === at) start = Math.max(0, at - 2);
  let end = Math.min(lines.length, at + LINES_AFTER + 1);
  for (let next = at + 2; next < end; next++) {
    // A blank line before something at the left edge ends the thing that is shown.
    if (lines[next - 1]?.text.trim() === '' && /^\S/.test(lines[next]?.text ?? '')) end = next;
  }
  const shown = lines.slice(start, end);
  while (shown.length > 0 && shown[0]?.text.trim() === '') shown.shift();
  while (shown.length > 0 && shown.at(-1)?.text.trim() === '') shown.pop();
  return shown;
}

/** `path:line` and a fenced block under it; the fence is longer than any inside. */
export function citation(path: string, line: number, lines: readonly NumberedLine[]): string {
  const body = lines.map((one) => cut(one.text));
  const longest = Math.max(2, ...body.flatMap((text) => (text.match(/`+/g) ?? []).map((run) => run.length)));
  const fence = '`'.repeat(longest + 1);
  return [`${path}:${line}`, `${fence}${language(path)}`, ...withoutIndent(body), fence].join('\n');
}

function language(path: string): string {
  const extension = /\.([a-z0-9]{1,10})$/i.exec(path)?.[1];
  return extension === undefined ? '' : extension.toLowerCase();
}

export function cut(text: string): string {
  return text.length <= MAX_LINE_CHARACTERS ? text : `${text.slice(0, MAX_LINE_CHARACTERS)}…`;
}

function belongsAbove(line: NumberedLine): boolean {
  return isComment(line.text) || /^\s*@\w/.test(line.text);
}

function withoutIndent(lines: readonly string[]): string[] {
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^[ \t]*/.exec(line)?.[0] ?? '');
  let common = indents[0] ?? '';
  for (const indent of indents) {
    while (!indent.startsWith(common)) common = common.slice(0, -1);
  }
  return lines.map((line) => line.slice(common.length));
}
