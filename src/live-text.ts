/** Text that is still being streamed. `finished` holds whole lines, each with its newline; `partial` the rest. */
export interface LiveText {
  readonly kind: 'answer' | 'thinking';
  readonly finished: string;
  readonly partial: string;
  /** Empty lines held back until something follows them. */
  readonly emptyLines: number;
  /** Whether `partial` stands inside a code fence, and whether the first line of `finished` does. */
  readonly fenced: boolean;
  readonly finishedFenced: boolean;
  /** Something of this text has been seen, so that empty lines now count. */
  readonly started: boolean;
}

export const emptyLive: LiveText = {
  kind: 'answer',
  finished: '',
  partial: '',
  emptyLines: 0,
  fenced: false,
  finishedFenced: false,
  started: false,
};

/** A line longer than this is cut at a space, so that a text without newlines neither grows nor is redrawn for ever. */
const longestLine = 4_000;

/** A line that opens or closes a fenced code block. */
export function isFence(line: string): boolean {
  return /^\s{0,3}(?:```|~~~)/.test(line);
}

/** Streamed text in any chunks gives the same lines: every decision looks at one line only. */
export function addText(live: LiveText, text: string): LiveText {
  const lines = (live.partial + text).split('\n');
  let partial = lines.pop() ?? '';
  let next = live;
  for (const line of lines) next = finishLine(next, line);
  for (let cut = cutAt(partial); cut > 0; cut = cutAt(partial)) {
    next = finishPiece(next, partial.slice(0, cut));
    partial = partial.slice(cut);
  }
  return { ...next, partial };
}

function finishLine(live: LiveText, line: string): LiveText {
  let next = live;
  let rest = line;
  for (let cut = cutAt(rest); cut > 0; cut = cutAt(rest)) {
    next = finishPiece(next, rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  return finishPiece(next, rest);
}

function finishPiece(live: LiveText, line: string): LiveText {
  if (line.trim() === '') return live.started ? { ...live, emptyLines: live.emptyLines + 1 } : live;
  const first = live.finished === '';
  return {
    ...live,
    started: true,
    emptyLines: 0,
    finished: `${live.finished}${'\n'.repeat(live.emptyLines)}${line}\n`,
    finishedFenced: first ? live.fenced : live.finishedFenced,
    fenced: isFence(line) ? !live.fenced : live.fenced,
  };
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
  return live.partial === '' ? live : { ...finishPiece(live, live.partial), partial: '' };
}
