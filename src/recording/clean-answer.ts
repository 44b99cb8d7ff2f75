import { isRecord } from '../core/is-record.js';
import type { Cleaning } from './clean-request.js';
import { type Plain, parsed, tooDeepMark } from './plain-data.js';
import type { RecordedAnswer } from './recording.js';

/** A piece of a body as it came. */
export interface Chunk {
  /** Milliseconds since the headers. */
  readonly afterMs: number;
  readonly bytes: Buffer;
}

type Chunks = RecordedAnswer['chunks'];

/** A line of a stream that may hold JSON. */
const dataLine = /^data: ?(?=[{[])/;
/** Times in steps of so many milliseconds, because smaller ones say nothing. */
const STEP_MS = 10;

/** The body of an answer as it is kept: event by event, without secrets, with its ids counted. */
export function cleanChunks(chunks: readonly Chunk[], isStream: boolean, cleaning: Cleaning): Chunks {
  const leaves: Leaf[] = [];
  const events = (isStream ? streamEvents(chunks) : wholeBody(chunks)).map(({ afterMs, text }) => {
    const lines = isStream ? text.split(/(?<=\n)/) : [text];
    return { afterMs, lines: lines.map((line) => readLine(line, isStream, leaves, cleaning)) };
  });
  rewrite(leaves, cleaning);
  return events.map(({ afterMs, lines }) => ({ afterMs, text: lines.map((write) => write()).join('') }));
}

/** Takes what a line says into the leaves; answers what writes the line once they are clean. */
function readLine(line: string, isStream: boolean, leaves: Leaf[], cleaning: Cleaning): () => string {
  const start = isStream ? dataLine.exec(line)?.[0].length : 0;
  const value = start === undefined ? undefined : parsed(line.slice(start));
  if (value === undefined) return () => cleaning.scrubber.answer(line);
  const before = JSON.stringify(value);
  const holder = { value };
  gather(holder, 'value', '', '', leaves, cleaning);
  return () => {
    const after = JSON.stringify(holder.value);
    // What nothing was taken out of stays as it was written.
    return after === before && !after.includes(tooDeepMark)
      ? line
      : line.slice(0, start) + after + (/\s*$/.exec(line)?.[0] ?? '');
  };
}

/** A text somewhere in the events, and what it continues: the texts with the same key are one text in pieces. */
interface Leaf {
  readonly holder: Record<string, Plain>;
  readonly name: string;
  readonly key: string;
}

/** Finds every text inside a value, and counts the ids on the way. */
function gather(
  holder: object,
  name: string,
  path: string,
  indexes: string,
  leaves: Leaf[],
  cleaning: Cleaning,
): void {
  const members = holder as Record<string, Plain>;
  const value = cleaning.ids?.inAnswer(name, members[name]) as Plain;
  members[name] = value;
  if (typeof value === 'string') leaves.push({ holder: members, name, key: `${path} ${indexes}` });
  if (typeof value !== 'object' || value === null) return;
  // Which block, call or choice a piece belongs to is what its `index` members say.
  const own = isRecord(value) ? Object.entries(value).filter(([key]) => key.endsWith('index')) : [];
  const all = indexes + own.map(([key, one]) => `${key}=${one} `).join('');
  for (const key of Object.keys(value)) gather(value, key, `${path}.${key}`, all, leaves, cleaning);
}

function rewrite(leaves: readonly Leaf[], { scrubber }: Cleaning): void {
  const texts = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    const pieces = texts.get(leaf.key);
    if (pieces) pieces.push(leaf);
    else texts.set(leaf.key, [leaf]);
  }
  for (const pieces of texts.values()) {
    const clean = scrubber.answerPieces(pieces.map(({ holder, name }) => holder[name] as string));
    for (const [index, { holder, name }] of pieces.entries()) holder[name] = clean[index]!;
  }
}

function wholeBody(chunks: readonly Chunk[]): Chunks {
  const text = Buffer.concat(chunks.map(({ bytes }) => bytes)).toString();
  return text === '' ? [] : [{ afterMs: stepped(chunks[0]!.afterMs), text }];
}

/** An event ends with an empty line; what is left at the end of a cut stream is a piece of its own. */
function streamEvents(chunks: readonly Chunk[]): Chunks {
  const events: { afterMs: number; text: string }[] = [];
  const decoder = new TextDecoder();
  let rest = '';
  for (const { afterMs, bytes } of chunks) {
    rest += decoder.decode(bytes, { stream: true });
    const parts = rest.split(/(?<=\n\r?\n)(?!\r?\n)/);
    const isWhole = /\n\r?\n$/.test(rest);
    rest = isWhole ? '' : (parts.pop() ?? '');
    for (const text of parts) if (text !== '') events.push({ afterMs: stepped(afterMs), text });
  }
  const last = chunks.at(-1);
  rest += decoder.decode();
  if (rest !== '' && last) events.push({ afterMs: stepped(last.afterMs), text: rest });
  return events;
}

function stepped(milliseconds: number): number {
  return Math.round(milliseconds / STEP_MS) * STEP_MS;
}
