import { describe, expect, onTestFinished } from 'vitest';
import type { EventType, VictorEvent } from '../../src/core/event.js';
import type { OrchestratorOptions } from '../../src/orchestrator.js';
import { coreTools } from '../../src/tools/index.js';
import type { ServerStep } from '../helpers/model-server.js';
import { blackhole } from './blackhole.js';
import { dialects } from './dialects.js';
import type { FaultRow } from './fault-row.js';
import { type FaultSession, faultSession, runTurn } from './fault-session.js';
import { faultTest, isLong } from './fault-test.js';
import { sessionFaults } from './session-faults.js';

/** A state that a turn can be in, and how it is seen to be there. */
interface Waiting {
  readonly row: FaultRow;
  /** What the first answers are. */
  readonly steps: readonly ServerStep[];
  /** The event with which the turn is in that state; else the arrival of the last of `steps`. */
  readonly event?: EventType;
  readonly options?: OrchestratorOptions;
  /** Turns that end before, so that there is something to compact. */
  readonly before?: number;
}

const words = 'word '.repeat(300);
const hang: ServerStep = { stallBeforeHeaders: true };
const bash: ServerStep = { toolCalls: [{ name: 'Bash', input: { command: 'sleep 30' } }] };

const states: readonly Waiting[] = [
  { row: sessionFaults.abortHeaders, steps: [hang] },
  { row: sessionFaults.abortStream, steps: [{ text: words, chunks: 300, delayMs: 20 }], event: 'text-delta' },
  {
    row: sessionFaults.abortBackoff,
    steps: [{ status: 503, headers: { 'retry-after': '30' }, body: {} }],
    event: 'request-retry',
    options: { settings: { network: { attempts: 6 } } },
  },
  {
    row: sessionFaults.abortTool,
    steps: [bash],
    event: 'tool-decision',
    options: { tools: coreTools(), settings: { permissions: { mode: 'yolo' } } },
  },
  {
    row: sessionFaults.abortApproval,
    steps: [bash],
    event: 'approval-request',
    options: { tools: coreTools(), onApproval: () => new Promise(() => {}) },
  },
  {
    row: sessionFaults.abortCompaction,
    before: 9,
    steps: [...Array.from({ length: 9 }, () => ({ text: words })), hang],
    options: {
      settings: {
        compaction: { strategy: 'summarize', threshold: 0.5 },
        contextWindow: 16_000,
        maxTokens: 1_000,
      },
    },
  },
];

/** Aborts a turn as soon as it is in its state; answers how long its end took from there, in milliseconds. */
async function abortIn(session: FaultSession, state: Waiting) {
  const controller = new AbortController();
  let abortedAt = 0;
  const abort = () =>
    setTimeout(() => {
      abortedAt = performance.now();
      controller.abort();
    }, 50);
  if (state.event === undefined) void session.server.arrival(state.steps.length).then(abort);
  const text = state.before === undefined ? 'hi' : words.repeat(10);
  async function* watched(events: AsyncIterable<VictorEvent>) {
    for await (const event of events) {
      if (abortedAt === 0 && event.type === state.event) abort();
      yield event;
    }
  }
  // The question is told beside the loop, which waits for the answer.
  session.orchestrator.subscribe((event) => {
    if (state.event === 'approval-request' && event.type === 'approval-request') abort();
  });
  const turn = await runTurn(watched(session.orchestrator.stream(text, { signal: controller.signal })));
  return { turn, ms: performance.now() - abortedAt };
}

/** On a busy machine a bound of 200 ms would say more of the machine: the long run holds it. */
const mostMs = isLong ? 200 : 5_000;

describe.each(dialects)('an abort, $name', (dialect) => {
  for (const state of states) {
    faultTest(state.row, dialect, async (measured) => {
      // Two, because the next turn may have to compact first.
      const steps = [...state.steps, { text: 'fine' }, { text: 'fine' }];
      const session = await faultSession(dialect, steps, state.options);
      for (let turn = 0; turn < (state.before ?? 0); turn += 1) await session.turn(words);
      const { turn, ms } = await abortIn(session, state);
      const { requests } = session.server;
      const asked = requests.length;
      measured({ requests: asked, ms, outcome: turn.outcome, tools: 0 });
      expect(turn.outcome).toBe('interrupted');
      expect(ms).toBeLessThan(mostMs);
      expect(asked).toBe(state.steps.length);
      const closed = await Promise.race([requests.at(-1)!.closed, delay(2_000)]);
      const isOpenStream = state.steps.at(-1) === hang || state.event === 'text-delta';
      expect(closed).toEqual({ completed: !isOpenStream });
      const { outcome, text } = await session.turn('and now?');
      expect({ outcome, text }).toEqual({ outcome: 'end', text: 'fine' });
      expect(session.problems()).toEqual([]);
    });
  }

  faultTest(sessionFaults.abortConnect, dialect, async (measured) => {
    const { url, close } = await blackhole();
    onTestFinished(close);
    const session = await faultSession(dialect, [], { provider: dialect.connect(url) });
    const { sessionId, store } = session.orchestrator;
    const controller = new AbortController();
    const running = runTurn(session.orchestrator.stream('hi', { signal: controller.signal }));
    await delay(300);
    const abortedAt = performance.now();
    controller.abort();
    const { outcome } = await running;
    const ms = performance.now() - abortedAt;
    measured({ requests: 0, ms, outcome, tools: 0 });
    expect(outcome).toBe('interrupted');
    expect(ms).toBeLessThan(mostMs);
    const reachable = await faultSession(dialect, [{ text: 'fine' }], { store });
    expect(await reachable.turn('and now?', { sessionId })).toMatchObject({ outcome: 'end', text: 'fine' });
    expect(reachable.problems()).toEqual([]);
  });
});

function delay(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}
