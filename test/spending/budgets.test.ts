import { describe, expect, it } from 'vitest';
import type { AnalyticsEvent } from '../../src/core/extension.js';
import type { Store } from '../../src/core/store.js';
import type { OrchestratorOptions } from '../../src/orchestrator.js';
import { LEAST_OUTPUT_TOKENS } from '../../src/spending/affordable-tokens.js';
import { createMemoryStore } from '../../src/storage/memory-store.js';
import { collect, ofType, scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';

const MILLION = 1_000_000;
/** Only what is written costs: a dollar a thousand tokens. */
const prices = { script: { input: 0, output: 1_000 } };
const dollars = (amount: number) => ({ inputTokens: 10, outputTokens: amount * 1_000 });

/** Calls that never repeat, each of which costs so many dollars. */
function spending(amount: number) {
  let n = 0;
  return () => ({ ...toolCall('List', { path: `folder-${n++}` }), usage: dollars(amount) });
}

async function priced(
  steps: Parameters<typeof scriptedOrchestrator>[0],
  settings: object,
  more: OrchestratorOptions = {},
) {
  return scriptedOrchestrator(steps, { model: 'script', settings: { prices, ...settings }, ...more });
}

/** A call of another process, in this store. */
function spentElsewhere(usd: number | null, timestamp = Date.now(), sessionId = 'elsewhere'): AnalyticsEvent {
  const data = { provider: 'p', model: 'm', inputTokens: 1, outputTokens: 1, costUsd: usd };
  return { id: `${sessionId}-${usd}-${timestamp}`, sessionId, type: 'request_end', data, timestamp };
}

const yesterday = () => new Date().setHours(0, 0, 0, 0) - 1;

describe('a budget of one request, of today, of the project', () => {
  it.each(['maxBudgetUsd', 'maxDayUsd', 'maxProjectUsd'])(
    '%s: the call that could cross is not made',
    async (name) => {
      const { orchestrator, requests } = await priced(spending(1), { [name]: 3.2, maxTokens: 1_000 });
      const events = await collect(orchestrator.stream('go'));
      // $0.2 pay for 200 tokens, which is too few.
      expect(requests.map(({ maxTokens }) => maxTokens)).toEqual([1_000, 1_000, 1_000]);
      expect(ofType(events, 'turn-end')).toMatchObject([
        { reason: 'limit', costUsd: 3, limit: { name, value: 3.2, spentUsd: 3, unpricedCalls: 0 } },
      ]);
    },
  );

  it('asks for fewer tokens where the rest of the budget pays for no more, and ends a cut answer as a limit', async () => {
    const { orchestrator, requests } = await priced(
      [
        { ...toolCall('List', { path: 'a' }), usage: dollars(1) },
        { text: 'It begins', stopReason: 'max-tokens', usage: dollars(0.5) },
      ],
      { maxBudgetUsd: 1.5, maxTokens: 1_000 },
    );
    const response = await orchestrator.chat('go');
    expect(requests.map(({ maxTokens }) => maxTokens)).toEqual([1_000, 500]);
    expect(response).toMatchObject({
      content: 'It begins',
      reason: 'limit',
      limit: { name: 'maxBudgetUsd' },
    });
    expect(response.limit).toMatchObject({ spentUsd: 1.5 });
  });

  it('an answer cut at the limit that holds without a budget is cut there, not by the budget', async () => {
    const { orchestrator } = await priced([{ text: 'It', stopReason: 'max-tokens', usage: dollars(0.1) }], {
      maxBudgetUsd: 9,
      maxTokens: 100,
    });
    expect(await orchestrator.chat('go')).toMatchObject({ reason: 'max-tokens' });
  });

  it.each([
    ['the least that is worth asking for', LEAST_OUTPUT_TOKENS / 1_000, [LEAST_OUTPUT_TOKENS]],
    ['one token less', (LEAST_OUTPUT_TOKENS - 1) / 1_000, []],
  ])('with %s left: %j', async (_case, maxBudgetUsd, asked) => {
    const { orchestrator, requests } = await priced([{ text: 'Hi.', usage: dollars(0.001) }], {
      maxBudgetUsd,
    });
    await orchestrator.chat('go');
    expect(requests.map(({ maxTokens }) => maxTokens)).toEqual(asked);
  });

  it('the prompt is taken to cost what its dearest tier does, measured by the provider once it has counted', async () => {
    const usage = { inputTokens: MILLION, outputTokens: 0 };
    const steps = () => ({ ...toolCall('List', { path: '.' }), usage });
    const settings = (maxBudgetUsd: number) => ({
      maxBudgetUsd,
      contextWindow: 9 * MILLION,
      prices: { script: { input: 2, output: 0, cacheWrite: 3 } },
    });
    // $2 are spent; the next call could write the million to the cache, for $3 and a little for what is new.
    const enough = await priced(steps, settings(5.01));
    expect((await enough.orchestrator.chat('go')).providerCalls).toBe(2);
    const short = await priced(steps, settings(4.99));
    expect((await short.orchestrator.chat('go')).providerCalls).toBe(1);
  });

  it('a request has its whole budget again, a day and a project have not', async () => {
    const { orchestrator } = await priced(spending(1), { maxBudgetUsd: 2, maxProjectUsd: 3, maxTokens: 500 });
    expect((await orchestrator.chat('go')).limit).toMatchObject({ name: 'maxBudgetUsd', spentUsd: 2 });
    expect((await orchestrator.chat('go')).limit).toMatchObject({ name: 'maxProjectUsd', spentUsd: 3 });
    expect(await orchestrator.chat('go')).toMatchObject({
      providerCalls: 0,
      limit: { name: 'maxProjectUsd' },
    });
  });

  it('what another process has spent in the middle of a turn counts before the next call', async () => {
    const store = createMemoryStore();
    const step = spending(1);
    let calls = 0;
    const { orchestrator } = await priced(
      () => step(),
      { maxDayUsd: 10, maxTokens: 500 },
      { store: { ...store, analytics: { ...store.analytics } } },
    );
    orchestrator.subscribe((event) => {
      if (event.type !== 'tool-result' || ++calls !== 2) return;
      void store.analytics.appendEvents([spentElsewhere(7.9)]);
    });
    const response = await orchestrator.chat('go');
    expect(response).toMatchObject({ providerCalls: 2, limit: { name: 'maxDayUsd', spentUsd: 9.9 } });
  });

  it('yesterday counts for the project and not for today; another folder counts for today and not for the project', async () => {
    const store = createMemoryStore();
    const { orchestrator, cwd } = await priced(spending(1), { maxDayUsd: 5, maxTokens: 500 }, { store });
    await store.sessions.openSession('here', cwd);
    await store.sessions.openSession('there', '/somewhere/else');
    await store.analytics.appendEvents([
      spentElsewhere(100, yesterday(), 'here'),
      spentElsewhere(4, Date.now(), 'there'),
    ]);
    expect((await orchestrator.chat('go')).limit).toMatchObject({ name: 'maxDayUsd', spentUsd: 5 });
    const project = await priced(spending(1), { maxProjectUsd: 102, maxTokens: 500 }, { store, cwd });
    // The dollar of the first one is there as well.
    expect((await project.orchestrator.chat('go')).limit).toMatchObject({
      name: 'maxProjectUsd',
      spentUsd: 102,
    });
  });

  it('a call that broke off is counted as unknown, and the budget goes on holding', async () => {
    const broken = { text: 'It is', error: { kind: 'network', message: 'gone' } } as const;
    const step = spending(1);
    let n = 0;
    const { orchestrator } = await priced(() => (n++ === 0 ? broken : step()), {
      maxBudgetUsd: 2,
      maxDayUsd: 2,
      maxTokens: 500,
      network: { attempts: 3 },
    });
    expect(await orchestrator.chat('go')).toMatchObject({
      costUsd: null,
      limit: { name: 'maxBudgetUsd', spentUsd: 2, unpricedCalls: 1 },
    });
  });

  it('a free provider is asked whatever was spent on others', async () => {
    const free = { script: { input: 0, output: 0 } };
    const store = createMemoryStore();
    await store.analytics.appendEvents([spentElsewhere(100)]);
    const { orchestrator } = await priced([{ text: 'Hi.' }], { prices: free, maxDayUsd: 1 }, { store });
    expect(await orchestrator.chat('go')).toMatchObject({ reason: 'end', costUsd: 0 });
  });

  it.each(['maxBudgetUsd', 'maxDayUsd', 'maxProjectUsd'])('%s without a price is refused', async (key) => {
    const { orchestrator, requests } = await scriptedOrchestrator([], { settings: { [key]: 5 } });
    await expect(orchestrator.chat('go')).rejects.toMatchObject({ code: 'config', key });
    expect(requests).toEqual([]);
    expect(await orchestrator.coordinators.session.list()).toEqual([]);
  });

  it.each(['maxDayUsd', 'maxProjectUsd'])('%s is refused while analytics are off', async (key) => {
    const { orchestrator } = await priced([], { [key]: 5, maxBudgetUsd: 1, analytics: { enabled: false } });
    await expect(orchestrator.chat('go')).rejects.toMatchObject({ code: 'config', key });
  });

  it('a store that cannot be read ends the turn before anything is asked', async () => {
    const store = createMemoryStore();
    const spending = () => Promise.reject(new Error('disk I/O error'));
    const { orchestrator, requests } = await priced(
      [],
      { maxDayUsd: 5 },
      {
        store: { ...store, analytics: { ...store.analytics, spending } },
      },
    );
    await expect(orchestrator.chat('go')).rejects.toThrow('disk I/O error');
    expect(requests).toEqual([]);
  });

  it('a store that cannot be written to: what this process spends counts all the same', async () => {
    const store = createMemoryStore();
    const appendEvents = () => Promise.reject(new Error('disk full'));
    const { orchestrator } = await priced(
      spending(1),
      { maxDayUsd: 3, maxTokens: 500 },
      {
        store: { ...store, analytics: { ...store.analytics, appendEvents } },
      },
    );
    expect((await orchestrator.chat('go')).limit).toMatchObject({ name: 'maxDayUsd', spentUsd: 3 });
    expect((await orchestrator.chat('go')).limit).toMatchObject({ name: 'maxDayUsd', spentUsd: 3 });
  });

  it('a user who counts analytics in another way is still held to the budget of the day', async () => {
    const analytics = {
      track() {},
      getSessionAnalytics: async (sessionId: string) => ({ sessionId, events: [] }),
      exportAnalytics: async () => ({ success: true, exportedCount: 0, exporters: [] }),
      close: async () => {},
    };
    const store = createMemoryStore();
    const settings = { maxDayUsd: 3, maxTokens: 500 };
    const first = await priced(spending(1), settings, { store, coordinators: { analytics } });
    expect((await first.orchestrator.chat('go')).limit).toMatchObject({ name: 'maxDayUsd', spentUsd: 3 });
    expect((await store.analytics.spending({})).costUsd).toBe(3);
  });

  it('without a budget, and with one of a request alone, the store is not asked', async () => {
    let asked = 0;
    const counting = (): Store => {
      const store = createMemoryStore();
      const spending: Store['analytics']['spending'] = (query) => {
        asked += 1;
        return store.analytics.spending(query);
      };
      return { ...store, analytics: { ...store.analytics, spending } };
    };
    for (const settings of [{ maxToolCalls: 3 }, { maxToolCalls: 3, maxBudgetUsd: 100 }]) {
      const { orchestrator } = await priced(spending(1), settings, { store: counting() });
      expect((await orchestrator.chat('go')).providerCalls).toBeGreaterThan(3);
    }
    expect(asked).toBe(0);
    const { orchestrator } = await priced(
      spending(1),
      { maxToolCalls: 3, maxDayUsd: 100 },
      { store: counting() },
    );
    await orchestrator.chat('go');
    expect(asked).toBeGreaterThan(0);
  });
});

describe('from 80 % on', () => {
  const warnings = (events: Awaited<ReturnType<typeof collect>>) =>
    ofType(events, 'notice').map(({ text }) => text);

  it('a budget is warned about once, in the turn in which it gets there', async () => {
    const { orchestrator } = await priced(
      [0.7, 0.2, 0.05].map((usd) => ({ text: 'Done.', usage: dollars(usd) })),
      { maxDayUsd: 1, maxTokens: 10 },
    );
    expect(warnings(await collect(orchestrator.stream('one')))).toEqual([]);
    expect(warnings(await collect(orchestrator.stream('two')))).toEqual([
      '90 % of the budget for today, over all projects (maxDayUsd) is used: $0.9 of $1.',
    ]);
    expect(warnings(await collect(orchestrator.stream('three')))).toEqual([]);
  });

  it('each budget by itself, and that of a request in each request', async () => {
    const { orchestrator } = await priced(() => ({ text: 'Done.', usage: dollars(0.9) }), {
      maxBudgetUsd: 1,
      maxProjectUsd: 2,
      maxTokens: 10,
    });
    const request = '90 % of the budget for one request (maxBudgetUsd) is used: $0.9 of $1.';
    expect(warnings(await collect(orchestrator.stream('one')))).toEqual([request]);
    expect(warnings(await collect(orchestrator.stream('two')))).toEqual([
      request,
      '90 % of the budget for this project (maxProjectUsd) is used: $1.8 of $2.',
    ]);
  });

  it('is said at the first call when others have used it, with what nobody knows the cost of', async () => {
    const store = createMemoryStore();
    await store.analytics.appendEvents([spentElsewhere(8.5), spentElsewhere(null)]);
    const { orchestrator } = await priced([{ text: 'Hi.' }], { maxDayUsd: 10 }, { store });
    expect(warnings(await collect(orchestrator.stream('go')))).toEqual([
      '85 % of the budget for today, over all projects (maxDayUsd) is used: $8.5 of $10, without 1 call of unknown cost.',
    ]);
  });
});

describe('compaction under a budget', () => {
  /** Long questions until the context is compacted. */
  async function untilCompacted(maxBudgetUsd: number) {
    const asked: string[] = [];
    const { orchestrator } = await priced(
      ({ tools }) => {
        asked.push(tools.length === 0 ? 'summary' : 'answer');
        if (tools.length === 0) return { text: 'Notes.', usage: dollars(0.5) };
        return { text: 'word '.repeat(400), usage: { outputTokens: 1 } };
      },
      {
        maxBudgetUsd,
        contextWindow: 12_000,
        maxTokens: 50,
        compaction: { strategy: ['summarize', { keepLast: 2 }], threshold: 0.3 },
      },
    );
    for (let turn = 0; turn < 20; turn += 1) {
      const events = await collect(orchestrator.stream(`${turn} ${'please '.repeat(200)}`));
      const [compaction] = ofType(events, 'compaction');
      if (!compaction) continue;
      const costs = ofType(events, 'request-end').map(({ costUsd }) => costUsd);
      const { budgets } = await orchestrator.spending();
      return { asked, costs, budgets, strategy: compaction.strategy, end: ofType(events, 'turn-end')[0] };
    }
    throw new Error('the context was never compacted');
  }

  it('what a summary cost is part of what its request cost', async () => {
    const { asked, costs, budgets, strategy } = await untilCompacted(9);
    expect({ strategy, last: asked.slice(-2), costs }).toEqual({
      strategy: 'summarize',
      last: ['summary', 'answer'],
      costs: [0.5, 0.001],
    });
    expect(budgets).toEqual([{ name: 'maxBudgetUsd', value: 9, spentUsd: 0.501, unpricedCalls: 0 }]);
  });

  it('a summary that is not affordable is not asked for: another strategy works, and the answer is given', async () => {
    const { asked, costs, strategy, end } = await untilCompacted(0.2);
    expect(asked).not.toContain('summary');
    expect({ strategy, costs, reason: end?.reason }).toEqual({
      strategy: 'recent',
      costs: [0.001],
      reason: 'end',
    });
  });

  it.each([
    ['asks for a summary that the budget of the day pays for', 9, 'summarize', 0.5],
    ['asks for none that it does not', 0.2, 'recent', null],
  ])('/compact %s', async (_case, maxDayUsd, strategy, costUsd) => {
    const { orchestrator } = await priced(
      ({ tools }) =>
        tools.length === 0
          ? { text: 'Notes.', usage: dollars(0.5) }
          : { text: 'word '.repeat(400), usage: {} },
      {
        maxDayUsd,
        maxTokens: 50,
        compaction: { strategy: ['summarize', { keepLast: 2 }] },
      },
    );
    for (let turn = 0; turn < 12; turn += 1) await orchestrator.chat(`${turn} ${'please '.repeat(200)}`);
    const before = (await orchestrator.spending()).today?.costUsd ?? 0;
    expect(await orchestrator.compact()).toMatchObject({ strategy, changed: true });
    const after = (await orchestrator.spending()).today?.costUsd ?? 0;
    expect(after - before).toBeCloseTo(costUsd ?? 0);
  });
});
