import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { startModelServer } from '../helpers/model-server.js';
import { cleanEnvironment, runVictor, startVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { ofType } from '../helpers/scripted-orchestrator.js';
import { dialects, recordStream } from './dialects.js';
import { environmentOf } from './environment-of.js';
import { faultSession, runTurn } from './fault-session.js';
import { faultTest } from './fault-test.js';
import { note } from './note-call.js';
import { sessionFaults } from './session-faults.js';

const words = 'word '.repeat(300);
/** A model that writes summaries, and a context that is full after nine turns of `words`. */
const summarizing = {
  compaction: { strategy: 'summarize', threshold: 0.5 },
  contextWindow: 16_000,
  maxTokens: 1_000,
};
/** Every number and every object of numbers that a stream says about tokens, in another form. */
const usageForms: readonly ((stream: string) => string)[] = [
  (stream) => stream.replaceAll(/"usage":\{[^{}]*(\{[^{}]*\}[^{}]*)*\}/g, '"usage":null'),
  (stream) => stream.replaceAll(/_tokens":\d+/g, '_tokens":-5'),
  (stream) => stream.replaceAll(/_tokens":\d+/g, '_tokens":"many"'),
  (stream) => stream.replaceAll(/_tokens":\d+/g, '_tokens":1e999'),
  (stream) => stream.replaceAll(/_tokens":\d+/g, '_tokens":{}'),
];

describe.each(dialects)('sessions over $name', (dialect) => {
  faultTest(sessionFaults.usageUnknown, dialect, async (measured) => {
    let body = '';
    const settings = {
      network: { attempts: 1 },
      prices: { 'model-with-a-price': { input: 3, output: 15 } },
    };
    const session = await faultSession(dialect, ({ recorded }) => (recorded ? { text: 'fine' } : { body }), {
      settings,
      model: 'model-with-a-price',
    });
    const stream = (await recordStream(dialect, session.server.url)).toString();
    for (const form of usageForms) {
      body = form(stream);
      expect(body).not.toBe(stream);
      const { outcome, events, text } = await session.turn('hi');
      const [end] = ofType(events, 'turn-end');
      expect({ outcome, text }).toEqual({ outcome: 'end', text: 'fine' });
      expect(JSON.stringify(end?.usage)).not.toMatch(/null|NaN|-/);
      expect(end).toMatchObject({ usage: { totalTokens: 0 }, costUsd: null });
    }
    // Counts that fall: the later one holds.
    body = stream.replaceAll(/(output|completion)_tokens":\d+/g, '$1_tokens":1');
    const { events } = await session.turn('hi');
    expect(ofType(events, 'turn-end')[0]!.costUsd).toBeGreaterThan(0);
    const { unpricedCalls, providerCalls } = session.orchestrator.coordinators.metrics.snapshot();
    measured({ requests: providerCalls, ms: 0, outcome: 'end, unknown cost', tools: 0 });
    expect({ unpricedCalls, providerCalls }).toEqual({ unpricedCalls: 5, providerCalls: 6 });
  });

  faultTest(sessionFaults.crash, dialect, async (measured) => {
    const call = { name: 'Bash', input: { command: 'echo x > started; sleep 30' } };
    const server = await startModelServer([{ toolCalls: [call] }, { text: 'I look again.' }]);
    const cwd = temporaryDirectory();
    const env = cleanEnvironment(environmentOf(dialect, server.url));
    const args = ['--model', dialect.model, '--permission-mode', 'yolo'];
    const child = startVictor(['ask', 'hi', ...args], { cwd, env });
    const ended = new Promise((resolve) => child.once('close', resolve));
    const deadline = Date.now() + 30_000;
    while (!existsSync(join(cwd, 'started')) && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGKILL');
    await ended;
    const { code, stdout, ms } = await runVictor(['ask', 'go on', '--continue', ...args], { cwd, env });
    await server.close();
    measured({ requests: server.requests.length, ms, outcome: `exit ${code}, answered`, tools: 1 });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'I look again.\n' });
    expect(server.requests).toHaveLength(2);
    expect(dialect.problems(server.requests[1]!.body)).toEqual([]);
    expect(server.requests[1]!.rawBody).toContain('Outcome unknown');
  });

  faultTest(sessionFaults.compaction, dialect, async (measured) => {
    let broken = false;
    const settings = summarizing;
    const script = () =>
      broken ? { status: 503, headers: { 'retry-after-ms': '1' }, body: {} } : { text: words };
    const session = await faultSession(dialect, script, { settings });
    for (let turn = 0; turn < 9; turn += 1) await session.turn(words);
    const before = session.server.requests.length;
    broken = true;
    const { outcome, ms } = await session.turn(`${words} ${words} ${words.repeat(8)}`);
    const asked = session.server.requests.slice(before);
    measured({ requests: asked.length, ms, outcome, tools: 0 });
    expect(outcome).toBe('provider-overloaded');
    // Compaction asked first, without tools, and then the turn.
    expect(asked[0]!.body.tools).toBeUndefined();
    expect(asked.at(-1)!.body.tools).toHaveLength(1);
    expect(asked.length).toBeLessThanOrEqual(6);
  });

  faultTest(sessionFaults.summaryOnce, dialect, async (measured) => {
    const refusal = { status: 529, headers: { 'retry-after-ms': '1' }, body: {} };
    const summary = { text: '## Goal\nAll the notes.' };
    let summaries = 0;
    const script = (body: { readonly tools?: unknown }) => {
      if (body.tools !== undefined) return { text: words };
      summaries += 1;
      return summaries === 1 ? refusal : summary;
    };
    const session = await faultSession(dialect, script, { settings: summarizing });
    for (let turn = 0; turn < 9; turn += 1) await session.turn(words);
    expect(summaries).toBe(0);
    const { outcome, text, events, ms } = await session.turn(`${words} ${words} ${words.repeat(8)}`);
    const asked = session.server.requests.slice(9);
    measured({ requests: asked.length, ms, outcome: `${outcome}, compacted`, tools: 0 });
    expect({ outcome, text, summaries }).toEqual({ outcome: 'end', text: words, summaries: 2 });
    expect(asked).toHaveLength(3);
    // The same question, and then the turn with the notes in place of what was before.
    expect(asked[1]!.body).toEqual(asked[0]!.body);
    expect(asked[2]!.rawBody).toContain('All the notes.');
    expect(ofType(events, 'compaction')).toMatchObject([{ strategy: 'summarize' }]);
    expect(ofType(events, 'request-retry')).toHaveLength(1);
    expect(session.problems()).toEqual([]);
  });

  faultTest(sessionFaults.overflow, dialect, async (measured) => {
    let tooLong = false;
    const session = await faultSession(dialect, () => {
      if (!tooLong) return { text: words };
      tooLong = false;
      return { error: { kind: 'context-length', message: 'prompt is too long' } };
    });
    for (let turn = 0; turn < 12; turn += 1) await session.turn(words);
    tooLong = true;
    const { outcome, events, ms } = await session.turn('and now?');
    measured({ requests: session.server.requests.length - 12, ms, outcome, tools: 0 });
    expect(outcome).toBe('end');
    expect(ofType(events, 'compaction')).toHaveLength(1);
    expect(session.server.requests).toHaveLength(14);
    expect(session.problems()).toEqual([]);
  });

  faultTest(sessionFaults.switching, dialect, async (measured) => {
    const steps = (id: string) => [
      {
        thinking: 'Hm.',
        text: 'I look.',
        toolCalls: [note(`${id}1`, id), note(`${id}2`, 'call.with/odd id')],
      },
      { text: 'Done.' },
    ];
    const session = await faultSession(dialect, [...steps('a'), ...steps('c')]);
    let tools = 0;
    let requests = 0;
    for (const other of dialects.filter((one) => one !== dialect)) {
      const there = await faultSession(other, steps('b'), { store: session.orchestrator.store });
      await session.turn('first');
      const { sessionId } = session.orchestrator;
      expect(await runTurn(there.orchestrator.stream('second', { sessionId }))).toMatchObject({
        outcome: 'end',
      });
      const back = await faultSession(dialect, steps('d'), { store: session.orchestrator.store });
      expect(await back.turn('third', { sessionId })).toMatchObject({ outcome: 'end' });
      for (const one of [session, there, back]) expect(one.problems()).toEqual([]);
      expect(back.server.requests[0]!.rawBody.match(/Noted\./g)?.length).toBeGreaterThanOrEqual(4);
      tools += there.noted.length + back.noted.length;
      requests += there.server.requests.length + back.server.requests.length;
    }
    tools += session.noted.length;
    requests += session.server.requests.length;
    measured({ requests, ms: 0, outcome: 'end, every call paired', tools });
  });
});
