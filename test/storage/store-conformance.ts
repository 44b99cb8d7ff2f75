import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AnalyticsEvent } from '../../src/core/extension.js';
import { assistantMessage, type Message, userMessage } from '../../src/core/message.js';
import type { Checkpoint, LogRecord, Store } from '../../src/core/store.js';
import { localDay } from '../../src/storage/local-day.js';

const messageEntry = (message: Message): LogRecord => ({ type: 'message', message });
const said = (text: string) => messageEntry(userMessage(text));

/** What every store must do, whatever it keeps its rows in. The factory gives a fresh, empty store. */
export function describeStore(name: string, create: () => Promise<Store>): void {
  describe(`${name}: sessions`, () => {
    const current = freshStore(create);

    it('creates a session on first use and knows it the second time', async () => {
      const { sessions } = current();
      expect(await sessions.openSession('one', '/work')).toEqual({ existed: false });
      expect(await sessions.openSession('one', '/elsewhere')).toEqual({ existed: true });
      expect(await sessions.getSession('one')).toMatchObject({
        id: 'one',
        cwd: '/work',
        title: '',
        messages: 0,
      });
      expect(await sessions.getSession('two')).toBeUndefined();
    });

    it('reads the log back in order, with every kind of entry as it was written', async () => {
      const { sessions } = current();
      const entries: LogRecord[] = [
        said('find the bug'),
        messageEntry(
          assistantMessage('looking', {
            toolCalls: [
              { id: 'c1', name: 'Read', input: { path: 'a.ts', nested: { list: [1, null, 'x'] } } },
            ],
            thinking: [{ text: 'hm', signature: 'sig' }],
            partial: true,
          }),
        ),
        { type: 'compaction', messages: [userMessage('summary')], strategy: 'recent' },
        { type: 'failed-turn', messageIds: ['m1', 'm2'], error: 'overloaded' },
        { type: 'reset' },
      ];
      await sessions.openSession('one', '/work');
      for (const entry of entries) await sessions.appendLog('one', entry);
      const log = await sessions.readLog('one');
      expect(log.map((line) => line.entry)).toEqual(entries);
      expect(log.map((line) => line.sequence)).toEqual([1, 2, 3, 4, 5]);
      expect(log.every((line) => line.timestamp > 1_600_000_000_000)).toBe(true);
      expect(await sessions.getSession('one')).toMatchObject({ messages: 2 });
    });

    it('keeps appends that were not awaited in the order of the calls', async () => {
      const { sessions } = current();
      await sessions.openSession('one', '/work');
      const texts = Array.from({ length: 50 }, (_, index) => `message ${index}`);
      await Promise.all(texts.map((text) => sessions.appendLog('one', said(text))));
      expect((await sessions.readLog('one')).map(({ entry }) => textOf(entry))).toEqual(texts);
    });

    it('keeps what was appended although the caller changes its object afterwards', async () => {
      const { sessions } = current();
      await sessions.openSession('one', '/work');
      const input: Record<string, unknown> = { path: 'a.ts' };
      const call = { id: 'c', name: 'Read', input };
      const pending = sessions.appendLog('one', messageEntry(assistantMessage('', { toolCalls: [call] })));
      input.path = 'changed';
      await pending;
      const read = async () => JSON.stringify(await sessions.readLog('one'));
      expect(await read()).toContain('a.ts');
      expect(await read()).not.toContain('changed');
    });

    it.each([
      ['a message of 5 MB', `${'0123456789abcdef'.repeat(327_680)}end`],
      ['lone surrogates', 'high \ud83d low \ude00 end \ud800'],
      ['NUL and every other control character', String.fromCharCode(...Array(32).keys(), 127, 0)],
      ['emoji and combining characters', '👩‍👩‍👧‍👦 é e\u0301 \u{10ffff} \u2028\u2029'],
      ['line ends and quotes', '\r\n\t"\\\'`$x\r'],
      ['nothing', ''],
    ])('D17: gives back %s exactly', async (_case, text) => {
      const { sessions } = current();
      await sessions.openSession('one', '/work');
      const call = { id: 'c', name: 'Write', input: { [`key ${text.slice(0, 40)}`]: text } };
      const entries = [said(text), messageEntry(assistantMessage(text, { toolCalls: [call] }))];
      for (const entry of entries) await sessions.appendLog('one', entry);
      const log = await sessions.readLog('one');
      // Compared as UTF-16 units: an equality that normalised anything would hide a loss.
      expect(
        log.map(({ entry }) => JSON.stringify(entry)).join() === entries.map((e) => JSON.stringify(e)).join(),
      ).toBe(true);
      expect(textOf(log[0]!.entry) === text).toBe(true);
    });

    it('refuses to append to a session that does not exist, with advice', async () => {
      await expect(current().sessions.appendLog('nobody', said('hello'))).rejects.toMatchObject({
        code: 'storage',
        reason: 'unknown-session',
        advice: expect.stringContaining('new session'),
      });
      expect(await current().sessions.readLog('nobody')).toEqual([]);
    });

    it.each([
      ['its first line', 'fix the login\nit fails since Monday', 'fix the login'],
      ['its first line that is not blank', '\n \t\n  fix   the\tlogin \r\nmore', 'fix the login'],
      ['80 characters of a long line', 'x'.repeat(100), `${'x'.repeat(79)}…`],
      ['whole characters only', `${'x'.repeat(78)}😀😀`, `${'x'.repeat(78)}…`],
      ['what is left without control characters', 'a\u001b[31mred\u0000 \ud800z', 'a [31mred z'],
    ])('titles a session after the first user message: %s', async (_case, text, title) => {
      const { sessions } = current();
      await sessions.openSession('one', '/work');
      await sessions.appendLog('one', messageEntry(assistantMessage('welcome')));
      await sessions.appendLog('one', said(text));
      await sessions.appendLog('one', said('another thing'));
      expect((await sessions.getSession('one'))?.title).toBe(title);
      expect(title.length).toBeLessThanOrEqual(80);
    });

    it('keeps the name the user gave, before or after the first message', async () => {
      const { sessions } = current();
      for (const id of ['before', 'after']) await sessions.openSession(id, '/work');
      expect(await sessions.renameSession('before', 'My "work" 😀')).toBe(true);
      for (const id of ['before', 'after']) await sessions.appendLog(id, said('hello'));
      expect(await sessions.renameSession('after', 'Later')).toBe(true);
      await sessions.appendLog('after', said('hello again'));
      expect((await sessions.getSession('before'))?.title).toBe('My "work" 😀');
      expect((await sessions.getSession('after'))?.title).toBe('Later');
      expect(await sessions.renameSession('nobody', 'x')).toBe(false);
    });

    it('lists the session used last first, and narrows by id prefix, folder and limit', async () => {
      const { sessions } = current();
      for (const id of ['ab-1', 'ab-2', 'a_b', 'B%'])
        await sessions.openSession(id, id === 'ab-1' ? '/x' : '/y');
      await sessions.appendLog('ab-1', said('again'));
      const ids = async (options?: Parameters<typeof sessions.listSessions>[0]) =>
        (await sessions.listSessions(options)).map((session) => session.id);
      expect(await ids()).toEqual(['ab-1', 'B%', 'a_b', 'ab-2']);
      expect(await ids({ idPrefix: 'ab' })).toEqual(['ab-1', 'ab-2']);
      expect(await ids({ idPrefix: 'a_' })).toEqual(['a_b']);
      expect(await ids({ idPrefix: '%' })).toEqual([]);
      expect(await ids({ idPrefix: 'b' })).toEqual([]);
      expect(await ids({ cwd: '/y' })).toEqual(['B%', 'a_b', 'ab-2']);
      expect(await ids({ cwd: '/y', idPrefix: 'ab', limit: 5 })).toEqual(['ab-2']);
      expect(await ids({ limit: 2 })).toEqual(['ab-1', 'B%']);
    });

    it('D14: orders the list and the log by what happened, although the clock went back a year', async () => {
      const { sessions } = current();
      await sessions.openSession('old', '/work');
      await sessions.appendLog('old', said('first'));
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 365 * 86_400_000 });
      try {
        await sessions.openSession('new', '/work');
        await sessions.appendLog('new', said('first'));
        await sessions.appendLog('new', said('second'));
      } finally {
        vi.useRealTimers();
      }
      await sessions.appendLog('new', said('third'));
      expect((await sessions.listSessions()).map((session) => session.id)).toEqual(['new', 'old']);
      expect((await sessions.readLog('new')).map(({ entry }) => textOf(entry))).toEqual([
        'first',
        'second',
        'third',
      ]);
    });

    it('deletes a session with its log and checkpoints, and nothing of another', async () => {
      const { sessions, checkpoints } = current();
      for (const id of ['one', 'two']) {
        await sessions.openSession(id, '/work');
        await sessions.appendLog(id, said(id));
        await checkpoints.saveCheckpoint(checkpoint(`checkpoint-${id}`, id));
      }
      expect(await sessions.deleteSession('one')).toBe(true);
      expect(await sessions.deleteSession('one')).toBe(false);
      expect(await sessions.getSession('one')).toBeUndefined();
      expect(await sessions.readLog('one')).toEqual([]);
      expect(await checkpoints.listCheckpoints('one')).toEqual([]);
      expect(await sessions.readLog('two')).toHaveLength(1);
      expect(await checkpoints.listCheckpoints('two')).toHaveLength(1);
      expect(await sessions.openSession('one', '/work')).toEqual({ existed: false });
      expect(await sessions.readLog('one')).toEqual([]);
    });
  });

  describe(`${name}: analytics`, () => {
    const current = freshStore(create);

    it('reads the events of one session back in the order they came', async () => {
      const { analytics } = current();
      const events = [
        event('e3', 'one', 'turn_start', { text_length: 12, flag: true, nothing: null, name: 'é😀' }, 300),
        event('e1', 'two', 'turn_start', {}, 100),
        event('e2', 'one', 'turn_end', { ratio: 0.25 }, 200),
      ];
      await analytics.appendEvents([]);
      await analytics.appendEvents(events);
      expect(await analytics.readEvents('one')).toEqual([events[0], events[2]]);
      expect(await analytics.readEvents('nobody')).toEqual([]);
    });

    it('counts an event that is delivered twice once', async () => {
      const { analytics } = current();
      const first = event('e1', 'one', 'turn_start', { n: 1 });
      await analytics.appendEvents([first, first]);
      await analytics.appendEvents([first, event('e2', 'one', 'turn_end', {})]);
      expect((await analytics.readEvents('one')).map(({ id }) => id)).toEqual(['e1', 'e2']);
    });

    it('keeps the events of a deleted session: what it cost was spent', async () => {
      const { analytics, sessions } = current();
      await sessions.openSession('one', '/work');
      await analytics.appendEvents([event('e1', 'one', 'turn_start', {})]);
      await sessions.deleteSession('one');
      expect(await analytics.readEvents('one')).toHaveLength(1);
    });

    it('sums usage by local day, provider and model, newest day first', async () => {
      const { analytics } = current();
      const today = new Date().setHours(12, 0, 0, 0);
      const yesterday = new Date(new Date(today).setDate(new Date(today).getDate() - 1)).setHours(0, 0, 0, 0);
      const lastWeek = new Date(today).setDate(new Date(today).getDate() - 7);
      await analytics.appendEvents([
        request('r1', today, 'anthropic', 'sonnet', [10, 20, 30, 40], 0.5),
        request('r2', today, 'anthropic', 'sonnet', [1, 2, 3, 4], 0.25),
        // The end of a turn repeats the sums of its requests, which must not count twice.
        event(
          't1',
          's',
          'turn_end',
          { provider: 'anthropic', model: 'sonnet', inputTokens: 11, costUsd: 0.75 },
          today,
        ),
        request('r3', today, 'ollama', 'qwen', [5, 6, 0, 0], null),
        request('r4', today, 'anthropic', 'haiku', [7, 8, 0, 0], 0),
        request('r5', today, 'anthropic', 'haiku', [1, 1, 0, 0], null),
        event('x1', 's', 'tool_result', { provider: 'anthropic', model: 'sonnet', inputTokens: 99 }, today),
        request('r6', yesterday, 'anthropic', 'sonnet', [100, 0, 0, 0], 1),
        event('t2', 's', 'turn_end', {}, yesterday),
        request('r7', lastWeek, 'anthropic', 'sonnet', [1000, 0, 0, 0], 9),
      ]);
      const row = (
        day: number,
        provider: string,
        model: string,
        turns: number,
        calls: number,
        tokens: number[],
        costUsd: number | null,
        unpricedCalls: number,
      ) => ({
        day: localDay(day),
        provider,
        model,
        turns,
        providerCalls: calls,
        inputTokens: tokens[0],
        outputTokens: tokens[1],
        cacheReadTokens: tokens[2],
        cacheWriteTokens: tokens[3],
        costUsd,
        unpricedCalls,
      });
      const rows = [
        row(today, 'anthropic', 'haiku', 0, 2, [8, 9, 0, 0], 0, 1),
        row(today, 'anthropic', 'sonnet', 1, 2, [11, 22, 33, 44], 0.75, 0),
        row(today, 'ollama', 'qwen', 0, 1, [5, 6, 0, 0], null, 1),
        row(yesterday, 'anthropic', 'sonnet', 0, 1, [100, 0, 0, 0], 1, 0),
        row(yesterday, 'unknown', 'unknown', 1, 0, [0, 0, 0, 0], null, 0),
        row(lastWeek, 'anthropic', 'sonnet', 0, 1, [1000, 0, 0, 0], 9, 0),
      ];
      expect(await analytics.dailyUsage(1)).toEqual(rows.slice(0, 3));
      expect(await analytics.dailyUsage(2)).toEqual(rows.slice(0, 5));
      expect(await analytics.dailyUsage(30)).toEqual(rows);
      expect(await analytics.dailyUsage(1e12)).toEqual(rows);
      expect(await analytics.dailyUsage(0)).toEqual([]);
    });
  });

  describe(`${name}: checkpoints`, () => {
    const current = freshStore(create);

    it('gives pre-images back byte for byte, and tells an empty file from none', async () => {
      const { checkpoints } = current();
      const bytes = Uint8Array.from({ length: 512 }, (_, index) => index % 256);
      const saved = [
        checkpoint('bytes', 'one', { before: bytes }),
        checkpoint('empty', 'one', { before: new Uint8Array(0) }),
        checkpoint('absent', 'one', { before: null, mode: null }),
      ];
      for (const one of saved) await checkpoints.saveCheckpoint(one);
      for (const one of saved) expect(await checkpoints.getCheckpoint(one.id)).toEqual(one);
      expect(await checkpoints.listCheckpoints('one')).toEqual([...saved].reverse());
      expect(await checkpoints.listCheckpoints('two')).toEqual([]);
      expect(await checkpoints.getCheckpoint('nothing')).toBeUndefined();
    });

    it('keeps the pre-image although the caller reuses its buffer', async () => {
      const { checkpoints } = current();
      const before = Uint8Array.of(1, 2, 3);
      await checkpoints.saveCheckpoint(checkpoint('c', 'one', { before }));
      before.fill(9);
      expect((await checkpoints.getCheckpoint('c'))?.before).toEqual(Uint8Array.of(1, 2, 3));
    });

    it('seals, marks as restored, and keeps the first pre-image of an id', async () => {
      const { checkpoints } = current();
      await checkpoints.saveCheckpoint(checkpoint('c', 'one', { before: Uint8Array.of(1) }));
      await checkpoints.saveCheckpoint(checkpoint('c', 'one', { before: Uint8Array.of(2) }));
      await checkpoints.sealCheckpoint('c', 'ff00');
      expect(await checkpoints.getCheckpoint('c')).toMatchObject({ afterHash: 'ff00', restored: false });
      await checkpoints.markRestored('c');
      const expected = checkpoint('c', 'one', {
        before: Uint8Array.of(1),
        afterHash: 'ff00',
        restored: true,
      });
      expect(await checkpoints.listCheckpoints('one')).toEqual([expected]);
    });
  });
}

function freshStore(create: () => Promise<Store>): () => Store {
  let store: Store;
  beforeEach(async () => {
    store = await create();
  });
  afterEach(async () => {
    await store.close();
  });
  return () => store;
}

function textOf(entry: LogRecord): string | undefined {
  return entry.type === 'message' ? entry.message.content : undefined;
}

function checkpoint(id: string, sessionId: string, changes: Partial<Checkpoint> = {}): Checkpoint {
  return {
    id,
    sessionId,
    turnId: 'turn',
    path: '/work/ä/a.ts',
    before: null,
    mode: 0o644,
    afterHash: null,
    createdAt: 1_700_000_000_000,
    restored: false,
    ...changes,
  };
}

function event(
  id: string,
  sessionId: string,
  type: string,
  data: AnalyticsEvent['data'],
  timestamp = Date.now(),
): AnalyticsEvent {
  return { id, sessionId, type, data, timestamp };
}

function request(
  id: string,
  timestamp: number,
  provider: string,
  model: string,
  tokens: readonly number[],
  costUsd: number | null,
): AnalyticsEvent {
  const [inputTokens = 0, outputTokens = 0, cacheReadTokens = 0, cacheWriteTokens = 0] = tokens;
  const data = { provider, model, inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, costUsd };
  return event(id, 's', 'request_end', data, timestamp);
}
