import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ServerSentEvent, ServerSentEvents } from '../../src/providers/server-sent-events.js';

/** The events of a body that comes in these pieces. */
function read(...pieces: (string | Uint8Array)[]): ServerSentEvent[] {
  const events = new ServerSentEvents('test');
  return pieces.flatMap((piece) => [...events.push(Buffer.from(piece as string))]);
}

describe('server-sent events', () => {
  test('have a name and data, and a comment is none', () => {
    expect(read('event: delta\ndata: {"a":1}\n\n: keep-alive\n\ndata:second\n\n')).toEqual([
      { name: 'delta', data: '{"a":1}' },
      { name: '', data: 'second' },
    ]);
  });

  test('several data lines are one text; other fields are passed over', () => {
    expect(read('id: 7\ndata: one\ndata\ndata:  two\nretry: 10\n\n')).toEqual([
      { name: '', data: 'one\n\n two' },
    ]);
  });

  test('a name without data is no event and names none that follows', () => {
    expect(read('event: lost\n\ndata: 1\n\n')).toEqual([{ name: '', data: '1' }]);
  });

  test('a byte order mark at the start is no part of the first field', () => {
    expect(read('\uFEFFdata: 1\n\n\uFEFFdata: 2\n\n')).toEqual([{ name: '', data: '1' }]);
  });

  test('what was not completed is no event, and can be asked for', () => {
    const events = new ServerSentEvents('test');
    expect([...events.push(Buffer.from('data: 1\n\ndata: [DO'))]).toEqual([{ name: '', data: '1' }]);
    expect(events.unfinished).toBe('[DO');
    expect([...events.push(Buffer.from('NE]\n'))]).toEqual([]);
    expect(events.unfinished).toBe('[DONE]');
  });

  test('an event that does not end is refused at 8 MiB, in one line as in many', () => {
    const line = Buffer.from(`data: ${'x'.repeat(1_000)}\n`);
    const lines = new ServerSentEvents('test');
    const feed = (events: ServerSentEvents, bytes: Buffer) => {
      for (let count = 0; count < 9_000; count++) for (const _ of events.push(bytes));
    };
    expect(() => feed(lines, line)).toThrow('test sent an answer that does not end.');
    const one = new ServerSentEvents('test');
    expect(() => feed(one, Buffer.from('x'.repeat(1_000)))).toThrow('does not end');
  });

  test('any way of cutting the bytes and of ending the lines gives the same events', () => {
    const data = fc.string({ unit: 'binary' }).map((text) => text.replace(/[\r\n]/g, '').toWellFormed());
    const event = fc.record({ name: fc.constantFrom('', 'delta'), lines: fc.array(data, { minLength: 1 }) });
    let events = 0;
    fc.assert(
      fc.property(
        fc.array(event),
        fc.constantFrom('\n', '\r', '\r\n'),
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        (sent, end, sizes) => {
          const texts = sent.map(({ name, lines }) =>
            [...(name && [`event: ${name}`]), ...lines.map((line) => `data: ${line}`), '', ''].join(end),
          );
          const bytes = Buffer.from(`:${end}${texts.join('')}`);
          const pieces: Uint8Array[] = [];
          for (let start = 0; start < bytes.length; ) {
            const size = sizes.next().value;
            pieces.push(bytes.subarray(start, start + size));
            start += size;
          }
          const expected = sent.map(({ name, lines }) => ({ name, data: lines.join('\n') }));
          expect(read(...pieces)).toEqual(expected);
          expect(read(bytes)).toEqual(expected);
          events += sent.length;
        },
      ),
      { numRuns: 500 },
    );
    expect(events).toBeGreaterThan(500);
  });
});
