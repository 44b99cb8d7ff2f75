import { afterEach, describe, expect, it, vi } from 'vitest';
import { emptyCacheHistory } from '../../src/cache-history.js';
import { analyticsEvent } from '../../src/core/analytics-event.js';
import { createEvent } from '../../src/core/create-event.js';
import { cachedSession, dialects, whyCache } from '../helpers/cached-session.js';
import { startModelServer } from '../helpers/model-server.js';
import { PromptCache } from '../helpers/model-server-cache.js';
import { wirePrefix } from '../helpers/wire-prefix.js';
import { makeWorkspace } from '../helpers/workspace.js';

afterEach(() => {
  vi.useRealTimers();
});

/** Providers cache only what is long enough. */
const long = 'It goes on and on. '.repeat(300);
const ok = () => ({ text: 'ok' });

describe.each(dialects)('a session that begins, over the %s dialect', (dialect) => {
  it('has nothing to read with its first request, which is no loss', async () => {
    const session = await cachedSession(dialect, ok);
    expect(await whyCache(session)).toBe('There was no request yet whose tokens the provider counted.');
    await session.orchestrator.chat(long);
    expect(session.breaks()).toEqual([]);
    expect(await whyCache(session)).toContain(
      'This was the first request of the session: there was nothing to read yet.',
    );
    await session.orchestrator.chat('And then?');
    expect(await whyCache(session)).toContain('Nothing was lost: each request began with the one before it.');
  });

  it('resumed by another process, sends the same bytes as before, so that the provider reads all it had', async () => {
    const home = await makeWorkspace();
    const cwd = await makeWorkspace({ 'a.txt': 'content\n' });
    const read = { toolCalls: [{ name: 'Read', input: { path: 'a.txt' } }] };
    const cache = new PromptCache();
    const server = await startModelServer([read, ...Array.from({ length: 5 }, ok)], { cache });
    const settings = { contributors: ['base', 'project-files', 'mode', 'environment'] };
    const open = () =>
      cachedSession(dialect, server, { cwd, home, persist: true, sessionId: 'one', flags: settings });
    const texts = [['first', 'second'], ['third'], ['fourth']];
    let expected = 0;
    for (const [process, asked] of texts.entries()) {
      const session = await open();
      if (process === 1) session.orchestrator.setMode('plan');
      for (const text of asked) await session.orchestrator.chat(`${text} ${long}`);
      expect(session.breaks()).toEqual([]);
      const counted = session.counted();
      expect(counted[0]!.cacheReadTokens).toBeGreaterThanOrEqual(expected);
      const { cacheReadTokens, cacheWriteTokens } = counted.at(-1)!;
      expected = cacheReadTokens + cacheWriteTokens;
      if (process > 0)
        expect(await whyCache(session)).toContain('first request since the session was resumed');
      await session.orchestrator.close();
    }
    const sent = server.requests.map(wirePrefix);
    expect(sent).toHaveLength(5);
    sent.slice(1).forEach((one, index) => {
      expect(one.startsWith(sent[index]!)).toBe(true);
    });
    // What holds is said once in the session, and again when it has changed.
    expect(sent.at(-1)!.match(/Note by Victor/g)).toHaveLength(3);
    await server.close();
  });
});

describe.each(dialects)('what is no loss, over the %s dialect', (dialect) => {
  it('a provider that tells of no cache: nothing is told, however long nobody asks', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const session = await cachedSession(dialect, ok, { caches: false });
    for (const text of [long, 'And?', 'More.', 'Good.']) {
      await session.orchestrator.chat(text);
      vi.setSystemTime(Date.now() + 3_600_000);
    }
    expect(session.breaks()).toEqual([]);
    expect(await whyCache(session)).toContain('The provider tells of no cache');
  });

  it('an answer whose tokens nobody counted, a request that was refused, a turn that was stopped', async () => {
    const none = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
    const stopped = new AbortController();
    const steps = [
      ok(),
      ok(),
      { ...ok(), usage: none },
      ok(),
      { status: 400, body: { error: { type: 'invalid_request_error', message: 'no' } } },
      ok(),
      { text: 'so far', stallAfterBytes: 700 },
      ok(),
    ];
    const session = await cachedSession(dialect, steps);
    for (const text of [long, 'two', 'three', 'four']) await session.orchestrator.chat(text);
    await expect(session.orchestrator.chat('refused')).rejects.toThrow();
    await session.orchestrator.chat('six');
    const cut = session.orchestrator.chat('seven', { signal: stopped.signal });
    await session.server.arrival(7);
    stopped.abort();
    await expect(cut).rejects.toThrow();
    await session.orchestrator.chat('eight');
    expect(session.server.requests).toHaveLength(8);
    expect(session.breaks()).toEqual([]);
  });

  it('a reset in the middle of a turn is told with the next request of the next turn, once', async () => {
    let reset: () => Promise<unknown> = async () => {};
    const session = await cachedSession(dialect, async (body) => {
      if (JSON.stringify(body.messages.at(-1)).includes('reset now')) await reset();
      return { text: 'ok' };
    });
    const { orchestrator } = session;
    reset = () => orchestrator.resetSession(orchestrator.sessionId);
    for (const text of [long, 'two', 'reset now']) await orchestrator.chat(text);
    expect(session.breaks()).toEqual([]);
    await orchestrator.chat('four');
    await orchestrator.chat('five');
    expect(session.breaks().map(({ cause }) => cause)).toEqual(['reset']);
  });
});

describe('a loss that is asked about later', () => {
  it('names no folder of a contributor that is called by its path', () => {
    const by = { kind: 'contributor', name: './parts/date.mjs' } as const;
    const cacheBreak = { cause: 'contributor', by, expectedTokens: 9, readTokens: 0 } as const;
    const segment = 'system section ./parts/date.mjs';
    const event = createEvent(
      { type: 'cache-break', cacheBreak: { ...cacheBreak, segment } },
      { sessionId: 'one' },
    );
    expect(analyticsEvent(event)?.data).toMatchObject({ by: 'date.mjs', segment: 'system section date.mjs' });
  });

  it('is in the analytics of the session, in names and counts, and /why cache of another process tells it', async () => {
    const home = await makeWorkspace();
    const cwd = await makeWorkspace();
    const open = () => cachedSession('anthropic', ok, { cwd, home, persist: true, sessionId: 'one' });
    const first = await open();
    for (const text of [long, 'two']) await first.orchestrator.chat(text);
    await first.orchestrator.switchProvider('second-model');
    await first.orchestrator.chat('three');
    const told = await whyCache(first);
    expect(told).toContain('another model answers (/model)');
    await first.orchestrator.close();

    const second = await open();
    expect(await whyCache(second, emptyCacheHistory)).toBe(told);
    const { events } = await second.orchestrator.coordinators.analytics.getSessionAnalytics('one');
    const lost = events.filter(({ type }) => type === 'cache_break');
    expect(lost.map(({ data }) => data)).toEqual([
      {
        cause: 'model',
        byKind: 'command',
        by: '/model',
        segment: 'model anthropic/second-model',
        expectedTokens: expect.any(Number),
        readTokens: 0,
      },
    ]);
  });
});
