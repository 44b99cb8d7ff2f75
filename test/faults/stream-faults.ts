import type { Dialect } from './dialects.js';
import type { FaultRow } from './fault-row.js';

/** A stream that came another way than by the book. */
export interface StreamFault extends FaultRow {
  /** The bytes that are sent in place of the recorded ones. */
  readonly change: (stream: Buffer, dialect: Dialect) => Buffer;
  /** Bytes of each write; all at once when absent. */
  readonly splitBytes?: number;
  /** Replaces the text of the answer. */
  readonly text?: string;
  /** The text that has to come; that of the answer when absent. */
  readonly expected?: string;
  /** The answer may also fail with a typed error, and has to where `true`. */
  readonly fails?: 'may' | ((dialect: Dialect) => boolean);
}

export const answerText = 'A naïve answer: ä👋, and so on.';

/** A change of the stream as text. */
function text(change: (stream: string, dialect: Dialect) => string) {
  return (stream: Buffer, dialect: Dialect) => Buffer.from(change(stream.toString('utf8'), dialect));
}

const same = (stream: Buffer) => stream;
const V08 = (words: string, rest: Partial<StreamFault>): StreamFault => ({
  id: 'V08',
  words,
  change: same,
  ...rest,
});

/** The events of a stream, each without its blank line. */
const eventsOf = (stream: string) => stream.split('\n\n').filter(Boolean);
const joined = (events: readonly string[]) => `${events.join('\n\n')}\n\n`;
const every = (change: (event: string, index: number) => string) =>
  text((stream) => joined(eventsOf(stream).map(change)));

/** The JSON of each event over several lines. */
function overLines(event: string): string {
  return event.replace(/^data: (\{.*)$/m, (_, json: string) =>
    JSON.stringify(JSON.parse(json), null, 1)
      .split('\n')
      .map((line) => `data: ${line}`)
      .join('\n'),
  );
}

function between(...events: string[]) {
  return every((event, index) => (index === 1 ? joined([event, ...events]).trimEnd() : event));
}

/** What stands where the first word of the answer begins. */
function inText(bytes: Buffer) {
  return (stream: Buffer) => {
    const at = stream.indexOf('A na');
    return Buffer.concat([stream.subarray(0, at), bytes, stream.subarray(at)]);
  };
}

export const streamFaults: readonly StreamFault[] = [
  V08('a byte at a time', { splitBytes: 1 }),
  V08('CRLF', { change: text((stream) => stream.replaceAll('\n', '\r\n')) }),
  V08('CRLF, a byte at a time', { change: text((stream) => stream.replaceAll('\n', '\r\n')), splitBytes: 1 }),
  V08('CR', { change: text((stream) => stream.replaceAll('\n', '\r')) }),
  V08('all three line ends', {
    change: every((event, index) =>
      `${event}\n`.replaceAll('\n', ['\n', '\r\n', '\r'][index % 3]!).trimEnd(),
    ),
    fails: 'may',
  }),
  V08('a byte order mark', { change: text((stream) => `\uFEFF${stream}`) }),
  V08('comments', { change: every((event) => `: hello\n${event}\n:`) }),
  V08('data over several lines', { change: every(overLines) }),
  V08('data: without a space', { change: text((stream) => stream.replaceAll(/^data: /gm, 'data:')) }),
  V08('no blank line at the end', { change: text((stream) => stream.trimEnd()), fails: 'may' }),
  V08('a line of 10 MB', { text: `A na${'x'.repeat(10_000_000)}`, fails: 'may' }),
  V08('no end mark', {
    change: text((stream) => joined(eventsOf(stream).slice(0, -1))),
    fails: ({ needsLastEvent }) => needsLastEvent,
  }),
  V08('two end marks', { change: text((stream) => joined([...eventsOf(stream), eventsOf(stream).at(-1)!])) }),
  {
    id: 'V09',
    words: 'bytes that are no UTF-8 become U+FFFD',
    change: inText(Buffer.from([0xff, 0xc3, 0x28])),
    expected: `\uFFFD\uFFFD(${answerText}`,
  },
  {
    id: 'V09',
    words: 'half of an escaped surrogate pair becomes U+FFFD',
    change: inText(Buffer.from('\\ud83d ')),
    expected: `\uFFFD ${answerText}`,
  },
  {
    id: 'V09',
    words: 'NUL',
    change: inText(Buffer.from('\\u0000')),
    expected: `\u0000${answerText}`,
  },
  { id: 'V09', words: 'characters cut between their bytes', change: same, splitBytes: 1 },
  {
    id: 'V10',
    words: 'an event that is cut, in the middle of a complete stream',
    change: every((event) => (event.includes('A na') ? event.slice(0, -4) : event)),
    fails: () => true,
  },
  {
    id: 'V10',
    words: 'an event that is cut',
    change: every((event, index) => (index === 2 ? event.slice(0, -4) : event)),
    fails: () => true,
  },
  {
    id: 'V10',
    words: 'garbage behind an event',
    change: every((event, index) => (index === 2 ? `${event} xyz` : event)),
    fails: () => true,
  },
  {
    id: 'V10',
    words: 'keys twice',
    change: text((stream) => stream.replaceAll('data: {', 'data: {"x":1,"x":2,')),
  },
  {
    id: 'V10',
    words: '1e999 and __proto__',
    change: text((stream) =>
      stream.replaceAll('data: {', 'data: {"created":1e999,"__proto__":{"ended":true},'),
    ),
  },
  {
    id: 'V10',
    words: 'JSON of depth 10,000',
    change: text((stream) =>
      stream.replaceAll('data: {', `data: {"x":${'['.repeat(10_000)}${']'.repeat(10_000)},`),
    ),
  },
  {
    id: 'V12',
    words: 'unknown events, and events that are no objects',
    change: between('event: party\ndata: {"type":"party"}', 'data: {}', 'data: null', 'data: 7', 'data: []'),
    fails: 'may',
  },
  {
    id: 'V12',
    words: 'the end twice',
    change: every((event, index) => (index > 4 ? `${event}\n\n${event}` : event)),
    fails: 'may',
  },
  {
    id: 'V12',
    words: 'the first event last',
    change: text((stream) => joined([...eventsOf(stream).slice(1), eventsOf(stream)[0]!])),
    fails: 'may',
  },
  {
    id: 'V12',
    words: 'words before their start',
    change: text((stream) => {
      const events = eventsOf(stream);
      const at = events.findIndex((event) => event.includes('A na'));
      return joined([events[at]!, ...events.slice(0, at), ...events.slice(at + 1)]);
    }),
    fails: 'may',
    expected: '',
  },
  {
    id: 'V12',
    words: 'a gap in the index',
    change: text((stream) => stream.replaceAll(/"(output_|content_)?index":0/g, '"$1index":7')),
  },
  {
    id: 'V12',
    words: 'an unknown block',
    change: text((stream, { textBlock }) => stream.replaceAll(textBlock, '"type":"hologram"')),
    fails: 'may',
    expected: '',
  },
];
