import { describe, expect } from 'vitest';
import type { ServerStep } from '../helpers/model-server.js';
import { type Dialect, dialects, recordStream } from './dialects.js';
import { type FaultSession, faultSession } from './fault-session.js';
import { faultTest, isLong, isShare } from './fault-test.js';
import { sessionFaults } from './session-faults.js';
import { streamsToBreak } from './streams-to-break.js';

type Break = 'end' | 'reset' | 'silence';
/** How many turns are on their way at once: a reset waits a little, so that what was sent arrives. */
const AT_ONCE = 40;

/** A server that breaks the answer to `break <how> <byte>` there, answers results with `done`, and all else with `fine`. */
async function breakable(
  dialect: Dialect,
  step: ServerStep,
): Promise<{ session: FaultSession; stream: Buffer }> {
  const session = await faultSession(
    dialect,
    (body, { rawBody }) => {
      // The same bytes each time, so that what was recorded tells where a break is.
      const same = { ...step, number: 0 };
      if (body.recorded) return same;
      if (rawBody.includes('and now?')) return { text: 'fine' };
      if (rawBody.includes('Noted.')) return { text: 'done' };
      const [, how, byte] = /break (\w+) (\d+)/.exec(rawBody) ?? [];
      if (how === 'silence') return { ...same, stallAfterBytes: Number(byte) };
      return { ...same, cutAfterBytes: Number(byte), cut: how as 'end' | 'reset' };
    },
    {
      settings: { network: { attempts: 1 }, contributors: ['base'] },
      connection: { idleTimeoutMs: 50, firstByteTimeoutMs: 30_000 },
    },
  );
  return { session, stream: await recordStream(dialect, session.server.url) };
}

/** What a break at one byte did that it must not do. */
async function broken(
  { session, stream }: Awaited<ReturnType<typeof breakable>>,
  dialect: Dialect,
  step: ServerStep,
  how: Break,
  byte: number,
): Promise<string[]> {
  const sessionId = `${how}-${byte}`;
  const { orchestrator } = session;
  const first = await session.turn(`break ${how} ${byte}`, { sessionId });
  const log = await orchestrator.store.sessions.readLog(sessionId);
  const second = await session.turn('and now?', { sessionId });
  const problems: string[] = [];
  const isComplete = dialect.complete.test(stream.subarray(0, byte).toString('latin1'));
  const hasFailed = /^provider-(network|stalled|overloaded|protocol)$/.test(first.outcome);
  const ran = first.events.filter(({ type }) => type === 'tool-result').length;
  const calls = step.toolCalls?.length ?? 0;
  if (!isComplete && !hasFailed) problems.push(`ended with ${first.outcome} before its answer was complete`);
  if (!hasFailed && first.outcome !== 'end') problems.push(`ended with ${first.outcome}`);
  if (ran !== (hasFailed ? 0 : calls)) problems.push(`${ran} of ${calls} calls ran`);
  const wanted = (step.text ?? '') + (hasFailed || calls === 0 ? '' : 'done');
  if (!(hasFailed ? wanted.startsWith(first.text) : wanted === first.text)) problems.push('other text');
  const kept = log.flatMap(({ entry }) =>
    entry.type === 'message' && entry.message.partial ? [entry.message.content] : [],
  );
  if (hasFailed && kept.join('') !== first.text)
    problems.push('what was said is not kept and marked in the log');
  if (second.outcome !== 'end' || second.text !== 'fine') problems.push(`the next turn: ${second.outcome}`);
  return problems.map((problem) => `${how} at ${byte}: ${problem}`);
}

describe.each(dialects)('broken streams of $name', (dialect) => {
  for (const row of ['cuts', 'silence'] as const) {
    const ways: readonly Break[] = row === 'cuts' ? ['end', 'reset'] : ['silence'];
    const stride = row === 'cuts' ? (isLong ? 1 : isShare ? 193 : 61) : isLong ? 8 : isShare ? 331 : 148;
    faultTest(
      sessionFaults[row],
      dialect,
      async (measured) => {
        const startedAt = performance.now();
        const found: string[] = [];
        let tried = 0;
        let requests = 0;
        let tools = 0;
        for (const [name, step] of Object.entries(streamsToBreak(dialect))) {
          const breakableStream = await breakable(dialect, step);
          const { session, stream } = breakableStream;
          expect(stream.length, name).toBeGreaterThanOrEqual(2_000);
          expect(stream.length, name).toBeLessThanOrEqual(6_000);
          const breaks = ways.flatMap((how) =>
            Array.from({ length: Math.ceil(stream.length / stride) }, (_, at) => [how, at * stride] as const),
          );
          tried += breaks.length;
          const work = async () => {
            for (let next = breaks.pop(); next !== undefined; next = breaks.pop())
              found.push(...(await broken(breakableStream, dialect, step, ...next)));
          };
          await Promise.all(Array.from({ length: AT_ONCE }, work));
          const asked = session.server.requests.filter(({ body }) => !body.recorded);
          found.push(...asked.flatMap(({ body }) => dialect.problems(body)));
          requests += asked.length;
          tools += session.noted.length;
        }
        const outcome = `${tried.toLocaleString('en-US')} breaks, ${found.length} wrong`;
        measured({ requests, ms: performance.now() - startedAt, outcome, tools });
        expect(found.slice(0, 10)).toEqual([]);
      },
      { timeoutMs: isLong ? 2_400_000 : 300_000 },
    );
  }
});
