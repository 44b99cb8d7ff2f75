import { allChanges } from '../core/all-changes.js';
import type { FileChange } from '../core/tool.js';
import type { KeptOutputs } from '../kept-outputs.js';
import type { BlockBody, State } from '../state.js';
import { fileDiffRows, mostChangeRows } from './change-rows.js';

/** Lines that are shown at once; the rest by asking for the line it begins with. */
const mostLines = 300;

/**
 * A folded call or thought in full, from line `from` (counted from 1) on, with how to see the rest of a long one. A string
 * is why there is nothing to show.
 */
export function expandOutput(outputs: KeptOutputs, number: number, from = 1): BlockBody | string {
  const found = outputs.all.find((one) => one.number === number);
  if (!found) return missing(outputs, number);
  const { title, text, change } = found;
  if (change) return expandChange(change, title, number, from);
  const lines = text.split('\n');
  if (from > lines.length) return tooFar(number, lines.length);
  const more = moreAfter(number, from - 1 + mostLines, lines.length);
  return {
    kind: 'output',
    title: titleFrom(title, from),
    text: lines.slice(from - 1, from - 1 + mostLines).join('\n'),
    ...more,
  };
}

/** A line is a row of the change here, those that name the files included. */
function expandChange(change: FileChange, title: string, number: number, from: number): BlockBody | string {
  const files = allChanges(change).map(({ path, before, after, deleted }) => {
    return { path, before, after: deleted ? null : after, notes: [] };
  });
  const rows = files.flatMap((file) => fileDiffRows(file)).length;
  if (from > rows) return tooFar(number, rows);
  const more = moreAfter(number, from - 1 + mostChangeRows, rows);
  return {
    kind: 'diff',
    title: titleFrom(title, from),
    files,
    ...(from > 1 ? { from } : {}),
    ...more,
  };
}

function titleFrom(title: string, from: number): string {
  return from === 1 ? title : `${title}, from line ${from}`;
}

function tooFar(number: number, lines: number): string {
  return `#${number} has ${lines} ${lines === 1 ? 'line' : 'lines'}.`;
}

function moreAfter(number: number, shown: number, all: number): { readonly more?: string } {
  const left = all - shown;
  return left > 0 ? { more: `${left} more lines: /expand ${number} ${shown + 1}` } : {};
}

/** The last lines of what runs and has put something out, the newest of them; `undefined` where nothing does. */
export function expandRunning({ tools, turn }: State): BlockBody | undefined {
  const tool = tools.findLast(({ output }) => output !== undefined);
  const output = turn.command?.output ?? tool?.output;
  if (!output) return undefined;
  const title = tool ? `${tool.name} ${tool.title}` : `!${turn.command?.text ?? ''}`;
  const above = output.lines - output.tail.split('\n').length;
  return {
    kind: 'output',
    title: `So far: ${title}`,
    text: output.tail,
    ...(above > 0 ? { more: `${above} lines before these: shown when it is over` } : {}),
  };
}

/** The number of what a tool answered last. */
export function lastToolOutput({ all }: KeptOutputs): number | undefined {
  return all.findLast(({ kind }) => kind === 'tool')?.number;
}

function missing({ all }: KeptOutputs, number: number): string {
  const [first] = all;
  const last = all.at(-1);
  if (!first || !last) return 'Nothing is folded yet: calls of tools and thoughts have numbers as they come.';
  return `Nothing to show has the number ${number}: there are #${first.number} to #${last.number}.`;
}
