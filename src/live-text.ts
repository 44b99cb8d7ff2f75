import { quotePrefix, readLine, tableDepth } from './markdown-lines.js';

/** Text that is still being streamed. `finished` holds whole lines, each with its newline; `partial` the rest. */
export interface LiveText {
  readonly kind: 'answer' | 'thinking';
  readonly finished: string;
  /**
   * Lines that wait for what follows, each with its newline: a table, whose columns are known only when it ends, or the
   * start of a code block, which may show nothing by itself. They start outside of code.
   */
  readonly held: string;
  readonly partial: string;
  /** Empty lines held back until something follows them. */
  readonly emptyLines: number;
  /** The code fence that `partial` stands in, and that the first line of `finished` does; empty outside of code. */
  readonly fence: string;
  readonly finishedFence: string;
  /** Something of this text has been seen, so that empty lines now count. */
  readonly started: boolean;
}

export const emptyLive: LiveText = {
  kind: 'answer',
  finished: '',
  held: '',
  partial: '',
  emptyLines: 0,
  fence: '',
  finishedFence: '',
  started: false,
};

/** A line longer than this is cut at a space, so that a text without newlines neither grows nor is redrawn for ever. */
const longestLine = 4_000;
/** A table longer than this, in characters, is finished in parts. */
const longestTable = 16_000;
/** Streamed text in any chunks gives the same lines: every decision looks at one line only. */
export function addText(live: LiveText, text: string): LiveText {
  const lines = (live.partial + text).split('\n');
  let partial = lines.pop() ?? '';
  let next = live;
  for (const line of lines) next = finishLine(next, line);
  for (let cut = cutAt(partial); cut > 0; cut = cutAt(partial)) {
    next = finishPiece(next, partial.slice(0, cut));
    partial = restOf(next, partial, cut);
  }
  return { ...next, partial };
}

function finishLine(live: LiveText, line: string): LiveText {
  let next = live;
  let rest = line;
  for (let cut = cutAt(rest); cut > 0; cut = cutAt(rest)) {
    next = finishPiece(next, rest.slice(0, cut));
    rest = restOf(next, rest, cut);
  }
  return finishPiece(next, rest);
}

/** What is left of a line that was cut; in the code of a quote it is still in that quote. */
function restOf({ fence }: LiveText, line: string, cut: number): string {
  return quotePrefix(fence) + line.slice(cut);
}

function finishPiece(live: LiveText, line: string): LiveText {
  if (line.trim() === '') {
    if (!live.started) return live;
    const ended = live.fence === '' ? release(live) : live;
    return { ...ended, emptyLines: live.emptyLines + 1 };
  }
  const lines = `${'\n'.repeat(live.emptyLines)}${line}\n`;
  const counted = { ...live, started: true, emptyLines: 0 };
  if (live.kind !== 'answer') return finish(counted, lines, '');
  // An empty line ends a quote, and the code in it.
  const within = live.emptyLines > 0 ? readLine(live.fence, '').fence : live.fence;
  const { kind, fence } = readLine(within, line);
  if (kind === 'text' && tableDepth(line) !== undefined) {
    const next = { ...counted, held: live.held + lines, fence };
    return next.held.length > longestTable ? release(next) : next;
  }
  // The start of code that ended with its quote shows nothing by itself either.
  const before = kind === 'opens' && live.fence !== '' ? counted : release(counted);
  return kind === 'opens'
    ? { ...before, held: before.held + lines, fence }
    : { ...finish(before, lines, live.fence), fence };
}

/** What was held back is finished. */
function release(live: LiveText): LiveText {
  return live.held === '' ? live : { ...finish(live, live.held, ''), held: '' };
}

/** `fence`: the code fence that the first of these lines stands in. */
function finish(live: LiveText, lines: string, fence: string): LiveText {
  const finishedFence = live.finished === '' ? fence : live.finishedFence;
  return { ...live, finished: live.finished + lines, finishedFence };
}

/** Where a line that is too long is cut: after its last space, or just before a character would be torn; 0 for not at all. */
function cutAt(line: string): number {
  if (line.length <= longestLine) return 0;
  const space = line.lastIndexOf(' ', longestLine - 1);
  if (space > 0) return space + 1;
  const code = line.charCodeAt(longestLine - 1);
  return code >= 0xd800 && code <= 0xdbff ? longestLine - 1 : longestLine;
}

/** Ends the text: what is partial becomes a line. */
export function closeLine(live: LiveText): LiveText {
  return release(live.partial === '' ? live : { ...finishPiece(live, live.partial), partial: '' });
}
