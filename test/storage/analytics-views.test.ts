import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { VictorEvent } from '../../src/core/event.js';
import type { OrchestratorOptions } from '../../src/orchestrator.js';
import { localDay } from '../../src/storage/local-day.js';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';
import { scriptedModel } from '../helpers/ask-model.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { ofType, scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';
import { makeWorkspace } from '../helpers/workspace.js';
import { withDatabase } from './database.js';

/** US dollars for a million tokens: input, output, cache read and cache write apart. */
const prices = { script: { input: 10, output: 100, cacheRead: 1, cacheWrite: 20 } };
const tokens = (input: number, output: number, read = 0, written = 0) => ({
  usage: {
    inputTokens: input,
    outputTokens: output,
    cacheReadTokens: read,
    cacheWriteTokens: written,
  },
});

type Row = Readonly<Record<string, unknown>>;

/** Real turns over a script and a database of their own; afterwards what happened, as everybody was told, and the views. */
async function session(
  steps: Parameters<typeof scriptedOrchestrator>[0],
  { settings, ...options }: OrchestratorOptions & { readonly files?: Readonly<Record<string, string>> } = {},
) {
  const folder = await makeWorkspace();
  const file = join(folder, 'victor.db');
  const store = await openSqliteStore({ file });
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { orchestrator } = await scriptedOrchestrator(steps, {
    model: 'script',
    store,
    settings: { prices, ...settings },
    ...options,
  });
  const events: VictorEvent[] = [];
  orchestrator.subscribe((event) => events.push(event));
  return {
    orchestrator,
    events,
    /** Every row of a view, once all that happened is stored. */
    async view(name: string): Promise<Row[]> {
      await orchestrator.coordinators.analytics.flush?.();
      return withDatabase(file, (database) => database.prepare<[], Row>(`SELECT * FROM ${name}`).all());
    },
  };
}

const today = () => localDay(Date.now());

describe('the views over what was counted', () => {
  it('daily_cost: turns, calls, every tier of tokens and their price; cache_hits: what was read of the prompt', async () => {
    const { orchestrator, events, view } = await session(
      [
        { ...toolCall('Read', { path: 'a.txt' }), ...tokens(1_000, 10, 0, 500) },
        { text: 'One.', ...tokens(200, 20, 1_500, 100) },
        { text: 'Two.', ...tokens(100, 5, 1_800) },
      ],
      { files: { 'a.txt': 'alpha\n' } },
    );
    await orchestrator.chat('read it');
    await orchestrator.chat('again');
    const costs = ofType(events, 'request-end').map(({ costUsd }) => costUsd);
    expect(costs).toHaveLength(3);
    expect(await view('daily_cost')).toEqual([
      {
        day: today(),
        provider: 'scripted',
        model: 'script',
        turns: 2,
        calls: 3,
        input_tokens: 1_300,
        output_tokens: 35,
        cache_read_tokens: 3_300,
        cache_write_tokens: 600,
        cost_usd: expect.closeTo((1_300 * 10 + 35 * 100 + 3_300 + 600 * 20) / 1e6, 12),
        unpriced_calls: 0,
      },
    ]);
    expect(await view('cache_hits')).toEqual([
      {
        day: today(),
        provider: 'scripted',
        model: 'script',
        calls: 3,
        hits: 2,
        input_tokens: 1_300,
        cache_read_tokens: 3_300,
        cache_write_tokens: 600,
        read_share: expect.closeTo(3_300 / 5_200, 12),
      },
    ]);
    expect(await view('turns')).toMatchObject([
      { session_id: orchestrator.sessionId, model: 'script', reason: 'end', calls: 2 },
      { session_id: orchestrator.sessionId, model: 'script', reason: 'end', calls: 1 },
    ]);
    const ends = ofType(events, 'request-end');
    expect(await view('provider_calls')).toEqual(
      ends.map((end) => ({
        day: today(),
        timestamp: end.timestamp,
        session_id: orchestrator.sessionId,
        provider: 'scripted',
        model: 'script',
        purpose: 'conversation',
        input_tokens: end.usage.inputTokens,
        output_tokens: end.usage.outputTokens,
        cache_read_tokens: end.usage.cacheReadTokens,
        cache_write_tokens: end.usage.cacheWriteTokens,
        cost_usd: end.costUsd,
        stop_reason: end.stopReason,
        duration_ms: Math.round(end.durationMs),
      })),
    );
  });

  it('daily_cost: a price that nobody knows is null and counted beside the sum, never a zero', async () => {
    const { orchestrator, view } = await session([{ text: 'Hi.', ...tokens(9, 1) }], { model: 'unheard-of' });
    await orchestrator.chat('go');
    expect(await view('daily_cost')).toMatchObject([
      { model: 'unheard-of', calls: 1, input_tokens: 9, cost_usd: null, unpriced_calls: 1 },
    ]);
    expect(await view('provider_calls')).toMatchObject([{ cost_usd: null }]);
  });

  it('daily_cost: a deleted session keeps what it cost', async () => {
    const { orchestrator, view } = await session([{ text: 'Hi.', ...tokens(1_000, 0) }]);
    await orchestrator.chat('go');
    await orchestrator.coordinators.analytics.flush?.();
    expect(await orchestrator.store.sessions.deleteSession(orchestrator.sessionId)).toBe(true);
    expect(await view('daily_cost')).toMatchObject([{ turns: 1, calls: 1, cost_usd: 0.01 }]);
  });

  it('tool_calls, tool_latency and denials: which calls ran and for how long, which failed, which were refused', async () => {
    const { orchestrator, events, view } = await session(
      [
        { toolCalls: [1, 2, 3, 4].map((n) => ({ name: 'Read', input: { path: `${n}.txt` } })) },
        toolCall('Read', { path: 'missing.txt' }),
        // Nobody is there to be asked, so this does not run.
        toolCall('Bash', { command: 'touch made' }),
        { text: 'Done.' },
      ],
      { files: Object.fromEntries([1, 2, 3, 4].map((n) => [`${n}.txt`, `${n}\n`])) },
    );
    await orchestrator.chat('go');
    const results = ofType(events, 'tool-result');
    const outcome = (result: (typeof results)[number]) =>
      result.denied ? 'denied' : result.result.isError ? 'failed' : 'done';
    expect(results.map(outcome)).toEqual(['done', 'done', 'done', 'done', 'failed', 'denied']);
    const expected = results.map((result) => ({
      day: today(),
      timestamp: result.timestamp,
      session_id: orchestrator.sessionId,
      tool: result.call.name,
      outcome: outcome(result),
      duration_ms: Math.round(result.durationMs),
    }));
    // Calls that end in the same millisecond come in no order.
    const sorted = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
    expect(sorted(await view('tool_calls'))).toEqual(sorted(expected));
    const times = results
      .filter(({ call }) => call.name === 'Read')
      .map(({ durationMs }) => Math.round(durationMs))
      .sort((a, b) => a - b);
    expect(await view('tool_latency')).toEqual([
      {
        day: today(),
        tool: 'Read',
        calls: 5,
        median_ms: times[2],
        p95_ms: times[4],
        longest_ms: times[4],
        total_ms: times.reduce((sum, time) => sum + time, 0),
      },
    ]);
    expect(await view('denials')).toEqual([{ day: today(), tool: 'Bash', denials: 1, calls: 1 }]);
    expect(await view('errors')).toEqual([
      { day: today(), kind: 'tool', name: 'Read', code: null, errors: 1 },
    ]);
  });

  it('compactions: how often, who started them, and the tokens before and after', async () => {
    const long = 'word '.repeat(2_000);
    const { orchestrator, events, view } = await session(() => ({ text: long, ...tokens(10, 10) }), {
      settings: { compaction: { strategy: ['recent', { keepLast: 2 }] } },
    });
    for (const text of ['one', 'two', 'three']) await orchestrator.chat(text);
    await orchestrator.compact();
    await orchestrator.chat('four');
    await orchestrator.compact();
    const happened = ofType(events, 'compaction');
    expect(happened).toHaveLength(2);
    const sum = (of: (event: (typeof happened)[number]) => number) =>
      happened.reduce((before, event) => before + of(event), 0);
    expect(sum(({ before, after }) => before.tokens - after.tokens)).toBeGreaterThan(1_000);
    expect(await view('compactions')).toEqual([
      {
        day: today(),
        strategy: 'recent',
        start: 'asked for',
        compactions: 2,
        messages_before: sum(({ before }) => before.messages),
        messages_after: sum(({ after }) => after.messages),
        tokens_before: sum(({ before }) => before.tokens),
        tokens_after: sum(({ after }) => after.tokens),
      },
    ]);
  });

  it('compactions: one that the context window asked for is automatic', async () => {
    const long = 'word '.repeat(400);
    const { orchestrator, events, view } = await session(() => ({ text: long }), {
      settings: {
        contextWindow: 12_000,
        maxTokens: 1_000,
        compaction: { strategy: 'recent', threshold: 0.5 },
      },
    });
    for (let turn = 0; turn < 8; turn += 1) await orchestrator.chat(`${turn} ${long}`);
    const { length } = ofType(events, 'compaction');
    expect(length).toBeGreaterThan(0);
    expect(await view('compactions')).toMatchObject([{ start: 'automatic', compactions: length }]);
  });

  it('errors: turns that failed, requests that were made again, and extensions that failed, by code', async () => {
    const overloaded = { error: { kind: 'overloaded', message: 'busy' } } as const;
    const refused = { error: { kind: 'authentication', message: 'no' } } as const;
    const broken = {
      name: 'broken',
      getContribution: () => {
        throw new Error('broken');
      },
    };
    const { orchestrator, events, view } = await session([overloaded, { text: 'Hi.' }, refused, refused], {
      extensions: { contributors: [broken] } as never,
    });
    await orchestrator.chat('go');
    for (let turn = 0; turn < 2; turn += 1) await expect(orchestrator.chat('go')).rejects.toThrow();
    const code = ofType(events, 'turn-error')[0]!.error.code;
    const [retry] = ofType(events, 'request-retry');
    expect(ofType(events, 'turn-error')).toHaveLength(2);
    const failures = ofType(events, 'extension-failure').length;
    expect(failures).toBeGreaterThan(0);
    const rows = await view('errors');
    expect(rows).toHaveLength(3);
    expect(rows).toEqual(
      expect.arrayContaining([
        { day: today(), kind: 'turn', name: null, code, errors: 2 },
        { day: today(), kind: 'retry', name: 'scripted', code: retry!.error.code, errors: 1 },
        { day: today(), kind: 'extension', name: 'broken', code: 'contributor', errors: failures },
      ]),
    );
  });

  it('errors: a provider that was replaced by another, of a real process', async () => {
    const down = await scriptedModel({ error: { kind: 'overloaded', message: 'Overloaded' } });
    const up = await scriptedModel({ text: 'I am here.' });
    const home = temporaryDirectory();
    const cwd = await makeWorkspace({
      '.victorrc': JSON.stringify({ model: 'first', fallback: ['openai/second'], network: { attempts: 2 } }),
    });
    const env = {
      ...down.env,
      OPENAI_BASE_URL: up.server.openAIUrl,
      OPENAI_API_KEY: 'test-key',
      VICTOR_HOME: home,
    };
    const { stdout, stderr } = await runVictor(['ask', 'hi', '--trust'], { cwd, env });
    expect(stdout, stderr).toBe('I am here.\n');
    const rows = withDatabase(join(home, 'victor.db'), (database) =>
      database.prepare("SELECT kind, name, errors FROM errors WHERE kind = 'fallback'").all(),
    );
    expect(rows).toEqual([{ kind: 'fallback', name: 'anthropic/first', errors: 1 }]);
  });

  it('what is read of the calls of some days comes out of an index that begins with the time', async () => {
    const file = join(temporaryDirectory(), 'victor.db');
    await (await openSqliteStore({ file })).close();
    const plan = (sql: string) =>
      withDatabase(file, (database) =>
        database.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(),
      )
        .map(({ detail }) => detail)
        .join('\n');
    const fields = 'session_id, provider, model, input_tokens, cache_read_tokens, cost_usd';
    expect(plan(`SELECT ${fields} FROM provider_calls WHERE timestamp >= 9`)).toContain(
      'USING COVERING INDEX analytics_provider_calls (type=? AND timestamp>?)',
    );
    expect(
      plan('SELECT session_id, tool, outcome, duration_ms FROM tool_calls WHERE timestamp >= 9'),
    ).toContain('USING COVERING INDEX analytics_tool_calls (type=? AND timestamp>?)');
    expect(plan('SELECT model, calls FROM turns WHERE timestamp >= 9')).toContain(
      'analytics_usage (timestamp>?)',
    );
  });
});
