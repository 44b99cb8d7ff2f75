import * as fc from 'fast-check';
import { describe, expect, onTestFinished } from 'vitest';
import { AbortedError, ProviderError } from '../../src/core/errors.js';
import type { Provider, ProviderEvent } from '../../src/core/provider.js';
import { type ServerStep, startModelServer } from '../helpers/model-server.js';
import { callsOf, request, textOf } from '../providers/drive.js';
import { type Dialect, dialects, recordStream } from './dialects.js';
import { faultTest, isLong } from './fault-test.js';
import { type Mutated, mutate, mutations } from './mutations.js';
import { sessionFaults } from './session-faults.js';
import { streamsToBreak } from './streams-to-break.js';

const runs = isLong ? { fuzzFetch: 9_000, fuzzSockets: 1_000 } : { fuzzFetch: 100, fuzzSockets: 27 };
/** An answer that says nothing for this long counts as a hang: every stream here ends by itself. */
const HANG_MS = 20_000;

interface Recorded {
  readonly bytes: Buffer;
  readonly text: string;
  readonly calls: ReturnType<typeof callsOf>;
}

/** A real server for one dialect that sends `next()` in pieces, and the six streams as they are sent untouched. */
async function recorded(dialect: Dialect, next: () => ServerStep) {
  let step: ServerStep | undefined;
  const server = await startModelServer(() => step ?? next());
  onTestFinished(() => server.close());
  const streams: Recorded[] = [];
  for (const one of Object.values(streamsToBreak(dialect))) {
    step = one;
    const bytes = await recordStream(dialect, server.url);
    const { events } = await read(dialect.connect(server.url));
    streams.push({ bytes, text: textOf(events), calls: callsOf(events) });
  }
  step = undefined;
  return { url: server.url, streams };
}

async function read(provider: Provider): Promise<{ events: ProviderEvent[]; error: unknown }> {
  const events: ProviderEvent[] = [];
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), HANG_MS);
  try {
    for await (const event of provider.stream(request(), abort.signal)) events.push(event);
    return { events, error: undefined };
  } catch (error) {
    return { events, error };
  } finally {
    clearTimeout(timer);
  }
}

/** What is wrong with what was read of a changed stream. */
function wrongWith(
  { events, error }: Awaited<ReturnType<typeof read>>,
  { bytes, isHarmless }: Mutated,
  whole: Recorded,
  dialect: Dialect,
): string[] {
  const wrong: string[] = [];
  if (error instanceof AbortedError) wrong.push('hangs');
  else if (error !== undefined && !(error instanceof ProviderError)) wrong.push(`untyped: ${error}`);
  const text = textOf(events);
  const ended = events.at(-1)?.type === 'end';
  if (ended !== (error === undefined)) wrong.push('neither an end nor an error, or both');
  const calls = callsOf(events);
  if (calls.length > 0 && !ended) wrong.push('a call of an answer that failed');
  const inputs = calls.map(({ input }) => JSON.stringify(input));
  for (const { input } of whole.calls)
    if (inputs.filter((one) => one === JSON.stringify(input)).length > 1) wrong.push('a call twice');
  if (ended && !dialect.complete.test(bytes.toString('latin1'))) wrong.push('ended, but never said so');
  if (isHarmless) {
    if (!whole.text.startsWith(text)) wrong.push(`other text: ${text.slice(0, 80)}`);
    if (ended && (text !== whole.text || JSON.stringify(calls) !== JSON.stringify(whole.calls)))
      wrong.push('another answer');
  } else if (!dialect.textsIn.some((said) => isMadeOf(text, piecesIn(bytes, said))))
    wrong.push(`made-up text: ${text.slice(0, 80)}`);
  return wrong;
}

/** Every piece of text that the events of a stream say by `textIn`, read in the plainest way. */
function piecesIn(bytes: Buffer, textIn: Dialect['textsIn'][number]): string[] {
  const lines = new TextDecoder().decode(bytes).split(/\r\n|\r|\n/);
  return lines.flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line.replace(/^[^{]*/, ''));
      return textIn(value as Record<string, unknown>)?.replace(/\p{Surrogate}/gu, '\uFFFD') ?? [];
    } catch {
      return [];
    }
  });
}

/** The text is some of the pieces, in their order. */
function isMadeOf(text: string, pieces: readonly string[]): boolean {
  let ends = new Set([0]);
  for (const piece of pieces.filter(Boolean)) {
    const more = [...ends].filter((at) => text.startsWith(piece, at)).map((at) => at + piece.length);
    ends = new Set([...ends, ...more]);
  }
  return ends.has(text.length);
}

/** A `fetch` that answers every request with these bytes, in pieces. */
function fetchOf(current: () => Mutated): typeof fetch {
  return async () => {
    const { bytes, pieceBytes } = current();
    async function* pieces() {
      const size = Math.max(1, pieceBytes);
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    }
    const body = ReadableStream.from(pieces()) as unknown as ConstructorParameters<typeof Response>[0];
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };
}

describe.each(dialects)('changed streams of $name', (dialect) => {
  for (const row of ['fuzzFetch', 'fuzzSockets'] as const) {
    faultTest(
      sessionFaults[row],
      dialect,
      async (measured) => {
        const unhandled: unknown[] = [];
        const listener = (reason: unknown) => void unhandled.push(reason);
        process.on('unhandledRejection', listener);
        onTestFinished(() => void process.off('unhandledRejection', listener));
        let current: Mutated = { bytes: Buffer.alloc(0), pieceBytes: 1, isHarmless: true };
        const { url, streams } = await recorded(dialect, () => {
          const { bytes, pieceBytes } = current;
          return { body: bytes, ...(pieceBytes < bytes.length ? { splitBytes: pieceBytes } : {}) };
        });
        const options = row === 'fuzzFetch' ? { fetch: fetchOf(() => current) } : {};
        const provider = dialect.connect(url, options);
        const counts = { tried: 0, ended: 0, failed: 0, calls: 0 };
        const startedAt = performance.now();
        await fc.assert(
          fc.asyncProperty(fc.nat({ max: streams.length - 1 }), mutations, async (number, list) => {
            const whole = streams[number]!;
            current = mutate(whole.bytes, list);
            const answer = await read(provider);
            counts.tried += 1;
            counts[answer.error === undefined ? 'ended' : 'failed'] += 1;
            counts.calls += callsOf(answer.events).length;
            expect(wrongWith(answer, current, whole, dialect)).toEqual([]);
          }),
          { numRuns: runs[row], seed: 20_261_128 },
        );
        const outcome = `${counts.tried} streams: ${counts.ended} whole, ${counts.failed} typed errors`;
        measured({ requests: counts.tried, ms: performance.now() - startedAt, outcome, tools: 0 });
        expect(counts.tried).toBe(runs[row]);
        // Neither all nor none of them: the changes reach the parser and do not break everything.
        expect(Math.min(counts.ended, counts.failed, counts.calls)).toBeGreaterThan(runs[row] / 20);
        await new Promise((resolve) => setTimeout(resolve, 50));
        expect(unhandled).toEqual([]);
      },
      { timeoutMs: isLong ? 600_000 : 300_000 },
    );
  }
});
