import * as fc from 'fast-check';

/** One change of a stream. `at` and `to` are shares of its length, or of its events. */
export interface Mutation {
  readonly kind: (typeof kinds)[number];
  readonly at: number;
  readonly to: number;
  readonly byte: number;
}

const kinds = [
  'flip',
  'drop bytes',
  'double bytes',
  'drop event',
  'double event',
  'swap events',
  'junk event',
  'huge field',
  'wrong type',
  'shift indexes',
  'truncate',
  'split',
] as const;

/** Changes that leave what is said as it is, as far as it comes. */
const harmless = new Set<Mutation['kind']>(['truncate', 'split']);

const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...kinds),
    at: share,
    to: share,
    byte: fc.integer({ min: 0, max: 255 }),
  }),
  { minLength: 1, maxLength: 4 },
);

export interface Mutated {
  readonly bytes: Buffer;
  /** Bytes of each piece. */
  readonly pieceBytes: number;
  readonly isHarmless: boolean;
}

export function mutate(stream: Buffer, list: readonly Mutation[]): Mutated {
  const split = list.findLast(({ kind }) => kind === 'split');
  const bytes = list.reduce(change, stream);
  return {
    bytes,
    // The SDKs look through an unfinished line again with each piece: a huge one comes in at most 500.
    pieceBytes: split
      ? Math.max(1 + Math.floor(split.at * 40), Math.floor(bytes.length / 500))
      : bytes.length,
    isHarmless: list.every(({ kind }) => harmless.has(kind)),
  };
}

function change(stream: Buffer, { kind, at, to, byte }: Mutation): Buffer {
  const start = Math.floor(at * stream.length);
  const end = Math.min(stream.length, start + 1 + Math.floor(to * 60));
  const events = stream.toString('latin1').split('\n\n');
  const one = Math.floor(at * events.length);
  const other = Math.floor(to * events.length);
  const joined = (list: readonly string[]) => Buffer.from(list.join('\n\n'), 'latin1');
  switch (kind) {
    case 'flip':
      return Buffer.concat([stream.subarray(0, start), Buffer.of(byte), stream.subarray(start + 1)]);
    case 'drop bytes':
      return Buffer.concat([stream.subarray(0, start), stream.subarray(end)]);
    case 'double bytes':
      return Buffer.concat([stream.subarray(0, end), stream.subarray(start)]);
    case 'drop event':
      return joined(events.toSpliced(one, 1));
    case 'double event':
      return joined(events.toSpliced(one, 0, events[one]!));
    case 'swap events':
      return joined(events.with(one, events[other]!).with(other, events[one]!));
    case 'junk event':
      return joined(events.toSpliced(one, 0, junk[byte % junk.length]!));
    case 'huge field':
      return joined(events.with(one, events[one]!.replace('{', `{"x":"${'x'.repeat(100_000)}",`)));
    case 'wrong type':
      return joined(events.with(one, wrongType(events[one]!, byte)));
    case 'shift indexes':
      return joined(events.map((event, index) => (index < one ? event : shiftIndexes(event))));
    case 'truncate':
      return stream.subarray(0, start);
    case 'split':
      return stream;
  }
}

const values = ['null', '7', '-1', 'true', '[]', '{}', '"x"', '[null]', '1e999'];

/** One of the values of an event becomes another. */
function wrongType(event: string, byte: number): string {
  const places = [...event.matchAll(/:("(?:[^"\\]|\\.)*"|\d+|null|\{|\[)/g)];
  const place = places[byte % Math.max(1, places.length)];
  const value = values[byte % values.length]!;
  if (!place || place[1] === '{' || place[1] === '[')
    return event.replace(/"[a-z_]+":[{[]/, `"x":${value},$&`);
  return `${event.slice(0, place.index + 1)}${value}${event.slice(place.index + place[0].length)}`;
}

/** Says that what it speaks of stands one place later. */
function shiftIndexes(event: string): string {
  return event.replace(/index":(\d)/g, (_, digit: string) => `index":${Number(digit) + 1}`);
}

const junk = [
  ': comment',
  'data: null',
  'data: []',
  'data: 7',
  'data: "text"',
  'data: {}',
  'data:',
  'event: party\ndata: {"type":"party"}',
  'id: 7\nretry: 1',
  'data: {"type":"content_block_delta"}',
  'data: {"choices":[null]}',
  'data: {"choices":{"0":7}}',
  'event: error\ndata: {"error":7}',
  'data: {"type":"content_block_start","index":0,"content_block":null}',
  '\u0000\u0001\u0002',
];
