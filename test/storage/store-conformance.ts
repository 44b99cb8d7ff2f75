import { createHash, randomBytes as random } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import type { Checkpoint, NewCheckpoint } from '../../src/core/checkpoint.js';
import type { DecisionBatch } from '../../src/core/decision-record.js';
import type { AnalyticsEvent } from '../../src/core/extension.js';
import { assistantMessage, type Message, userMessage } from '../../src/core/message.js';
import { replayLog } from '../../src/core/replay-log.js';
import type { LogRecord, Store } from '../../src/core/store.js';
import { subagentSessionId } from '../../src/core/subagent-session.js';
import { freshStore } from './fresh-store.js';
import { describeHistory } from './history-conformance.js';
import { describeSpool } from './spool-conformance.js';

const messageEntry = (message: Message): LogRecord => ({ type: 'message', message });
const said = (text: string) => messageEntry(userMessage(text));

/** What every store must do, whatever it keeps its rows in. The factory gives a fresh, empty store. */
export function describeStore(name: string, create: () => Promise<Store>): void {
  describe(`${name}: decisions`, () => {
    const current = freshStore(create);
    const batch = (key: string, turnId?: string): DecisionBatch => ({
      ...(turnId === undefined ? {} : { turnId }),
      entries: [
        {
          at: 1_700_000_000_000,
          times: 2,
          key,
          words: {
            coordinator: 'mode',
            decision: 'allows',
            outcome: 'Refused',
            reason: 'Mode plan refuses it.',
          },
          inputs: { verdict: 'deny', names: ['a', 'b'] },
          cost: { ms: 0.5 },
        },
      ],
    });
    const keysOf = async (store: Store, id: string) =>
      (await store.decisions.readDecisions(id)).map(({ turnId, entries }) => [turnId, entries[0]]);

    it('reads back what was noted, in order, before anything else was written and after', async () => {
      const store = current();
      await store.sessions.openSession('one', '/work');
      await store.sessions.appendLog('one', said('first'));
      await store.decisions.noteDecisions('one', batch('k1', 't1'));
      await store.decisions.noteDecisions('one', batch('k2'));
      const noted = [
        ['t1', batch('k1').entries[0]],
        [undefined, batch('k2').entries[0]],
      ];
      expect(await keysOf(store, 'one')).toEqual(noted);
      await store.sessions.appendLog('one', said('second'));
      await store.decisions.noteDecisions('one', batch('k3', 't2'));
      expect(await keysOf(store, 'one')).toEqual([...noted, ['t2', batch('k3').entries[0]]]);
      await store.sessions.appendLog('one', said('third'));
      expect((await store.decisions.readDecisions('one')).map(({ afterEntry }) => afterEntry)).toEqual([
        1, 1, 2,
      ]);
      expect(await store.decisions.readDecisions('two')).toEqual([]);
    });

    it('copies them with a fork, keeps them over a reset, and lets them go with their session', async () => {
      const store = current();
      await store.sessions.openSession('one', '/work');
      await store.decisions.noteDecisions('one', batch('k1', 't1'));
      expect(await store.sessions.forkSession('one', 'copy')).toBe(true);
      await store.sessions.appendLog('one', { type: 'reset' });
      expect(await keysOf(store, 'one')).toHaveLength(1);
      expect(await store.sessions.deleteSession('one')).toBe(true);
      expect(await keysOf(store, 'one')).toEqual([]);
      expect(await keysOf(store, 'copy')).toEqual([['t1', batch('k1').entries[0]]]);
    });

    it('keeps what is noted of a session that is not there yet until it is', async () => {
      const store = current();
      await store.sessions.openSession('other', '/work');
      await store.decisions.noteDecisions('one', batch('k1'));
      await store.sessions.appendLog('other', said('something is written'));
      await store.sessions.openSession('one', '/work');
      await store.sessions.appendLog('one', said('hello'));
      expect(await keysOf(store, 'one')).toHaveLength(1);
    });
  });

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
        { type: 'rewind', id: 'r1', before: 'm1' },
        { type: 'reset' },
      ];
      await sessions.openSession('one', '/work');
      for (const entry of entries) await sessions.appendLog('one', entry);
      const log = await sessions.readLog('one');
      expect(log.map((line) => line.entry)).toEqual(entries);
      expect(log.map((line) => line.sequence)).toEqual([1, 2, 3, 4, 5, 6]);
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
      expect(await sessions.renameSession('before', 'use sk-ant-api03-abcdefghijklmnop')).toBe(true);
      expect((await sessions.getSession('before'))?.title).toBe('use [redacted]');
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

    it('leaves out what subagents said, lists it for its parent alone, and deletes it with it', async () => {
      const { sessions } = current();
      const child = subagentSessionId('on');
      for (const id of ['one', 'on', child, 'on~other']) await sessions.openSession(id, '/work');
      await sessions.appendLog(child, { type: 'message', message: userMessage('hello plum') });
      const ids = async (options?: Parameters<typeof sessions.listSessions>[0]) =>
        (await sessions.listSessions(options)).map(({ id }) => id).sort();
      expect(await ids()).toEqual(['on', 'one', 'on~other']);
      expect(await ids({ idPrefix: 'on', cwd: '/work' })).toEqual(['on', 'one', 'on~other']);
      expect(await ids({ subagentsOf: 'on' })).toEqual([child]);
      expect(await ids({ subagentsOf: 'o' })).toEqual([]);
      expect(await sessions.deleteSession('one')).toBe(true);
      expect(await sessions.getSession(child)).toMatchObject({ id: child, messages: 1 });
      expect(await sessions.deleteSession('on')).toBe(true);
      expect(await sessions.getSession(child)).toBeUndefined();
      expect(await sessions.searchMessages('plum')).toEqual([]);
      expect(await ids()).toEqual(['on~other']);
    });

    it('keeps how far a workflow is, as it was written', async () => {
      const { sessions } = current();
      await sessions.openSession('one', '/work');
      const about = { runId: 'r', workflow: 'w' };
      const log: LogRecord[] = [
        { type: 'workflow-start', ...about, input: 'i\0', definition: 'd', steps: 2 },
        {
          type: 'workflow-step',
          ...about,
          step: 1,
          steps: 2,
          name: 'a',
          kind: 'command',
          status: 'done',
          exitCode: null,
        },
        { type: 'workflow-end', ...about, outcome: 'done', durationMs: 5 },
      ];
      for (const entry of log) await sessions.appendLog('one', entry);
      expect((await sessions.readLog('one')).map(({ entry }) => entry)).toEqual(log);
      expect(replayLog(await sessions.readContextLog('one'))).toEqual([]);
    });

    it('deletes a session with its log and checkpoints, and nothing of another', async () => {
      const { sessions, checkpoints } = current();
      for (const id of ['one', 'two']) {
        await sessions.openSession(id, '/work');
        await sessions.appendLog(id, said(id));
        await checkpoints.saveCheckpoint(...checkpoint(`checkpoint-${id}`, id, Buffer.from(id)));
      }
      expect(await sessions.deleteSession('one')).toBe(true);
      expect(await sessions.deleteSession('one')).toBe(false);
      expect(await sessions.getSession('one')).toBeUndefined();
      expect(await sessions.readLog('one')).toEqual([]);
      expect(await checkpoints.listCheckpoints('one')).toEqual([]);
      expect(await checkpoints.readContent(sha256(Buffer.from('one')))).toBeUndefined();
      expect(await checkpoints.readContent(sha256(Buffer.from('two')))).toEqual(bytesOf('two'));
      expect(await sessions.readLog('two')).toHaveLength(1);
      expect(await checkpoints.listCheckpoints('two')).toHaveLength(1);
      expect(await sessions.openSession('one', '/work')).toEqual({ existed: false });
      expect(await sessions.readLog('one')).toEqual([]);
    });
  });

  describeHistory(name, create);

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
  });

  describe(`${name}: delivery`, () => describeSpool(name, freshStore(create)));

  describe(`${name}: what was spent`, () => {
    const current = freshStore(create);
    const noon = new Date(2024, 5, 12, 12).getTime();
    const spent = (calls: number, tokens: readonly number[], costUsd: number | null, unpricedCalls = 0) => {
      const [inputTokens = 0, outputTokens = 0, cacheReadTokens = 0, cacheWriteTokens = 0] = tokens;
      const tiers = { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens };
      return { providerCalls: calls, ...tiers, costUsd, unpricedCalls };
    };
    const call = (id: string, sessionId: string, costUsd: number | null, timestamp = noon) => ({
      ...request(id, timestamp, 'p', 'm', [1, 2, 3, 4], costUsd),
      sessionId,
    });

    it('sums provider calls alone, every tier apart, and what nobody knows the cost of is counted and not summed', async () => {
      const { analytics } = current();
      expect(await analytics.spending({})).toEqual({ ...spent(0, [], null), position: 0 });
      await analytics.appendEvents([
        call('a', 'one', 0.5),
        event('t', 'one', 'turn_end', { costUsd: 7, inputTokens: 7 }, noon),
        event('x', 'one', 'tool_result', { costUsd: 7, inputTokens: 7 }, noon),
        call('b', 'two', null),
        call('c', 'two', 0.25),
      ]);
      expect(await analytics.spending({})).toMatchObject(spent(3, [3, 6, 9, 12], 0.75, 1));
      expect(await analytics.spending({ sessionId: 'one' })).toMatchObject(spent(1, [1, 2, 3, 4], 0.5));
      expect(await analytics.spending({ sessionId: 'nobody' })).toMatchObject(spent(0, [], null));
    });

    it('takes a call from the first moment on and not the last one', async () => {
      const { analytics } = current();
      await analytics.appendEvents([
        call('a', 's', 1, noon - 1),
        call('b', 's', 2, noon),
        call('c', 's', 4, noon + 9),
        call('d', 's', 8, noon + 10),
      ]);
      expect((await analytics.spending({ since: noon, until: noon + 10 })).costUsd).toBe(6);
      expect((await analytics.spending({ since: noon })).costUsd).toBe(14);
      expect((await analytics.spending({ until: noon })).costUsd).toBe(1);
    });

    it('takes the sessions of a folder and of those below it, not of one that begins with the same letters', async () => {
      const { analytics, sessions } = current();
      const folders = { at: '/work/ä', below: '/work/ä/b', like: '/work/äb', above: '/work', other: '/x%' };
      for (const [id, cwd] of Object.entries(folders)) await sessions.openSession(id, cwd);
      const costs = { at: 1, below: 2, like: 4, above: 8, other: 16, nowhere: 32 };
      for (const [id, usd] of Object.entries(costs)) await analytics.appendEvents([call(id, id, usd)]);
      expect((await analytics.spending({ folder: '/work/ä' })).costUsd).toBe(3);
      expect((await analytics.spending({ folder: '/work' })).costUsd).toBe(15);
      expect((await analytics.spending({ folder: '/' })).costUsd).toBe(31);
      expect((await analytics.spending({ folder: '/x_' })).costUsd).toBeNull();
      await sessions.deleteSession('below');
      expect((await analytics.spending({ folder: '/work/ä' })).costUsd).toBe(1);
      expect((await analytics.spending({})).costUsd).toBe(63);
    });

    it('goes on from the position it answered: every call is in one sum, whichever condition it is asked with', async () => {
      const { analytics, sessions } = current();
      await sessions.openSession('s', '/work');
      const query = { since: noon, until: noon + 10, sessionId: 's', folder: '/work' };
      let sum = 0;
      let after: number | undefined;
      for (const round of [1, 2, 3]) {
        await analytics.appendEvents([
          call(`in ${round}`, 's', round),
          call(`old ${round}`, 's', 100, noon - 1),
          call(`late ${round}`, 's', 100, noon + 10),
          call(`other ${round}`, 'o', 100),
          event(`x ${round}`, 's', 'tool_result', {}, noon),
        ]);
        const found = await analytics.spending({ ...query, ...(after === undefined ? {} : { after }) });
        expect(found.costUsd).toBe(round);
        sum += found.costUsd ?? 0;
        after = found.position;
      }
      expect((await analytics.spending({ ...query, after: after! })).costUsd).toBeNull();
      expect((await analytics.spending(query)).costUsd).toBe(sum);
    });
  });

  describe(`${name}: checkpoints`, () => {
    const current = freshStore(create);

    it('gives contents back byte for byte, and tells an empty file from none', async () => {
      const { checkpoints } = current();
      const contents = {
        bytes: Uint8Array.from({ length: 512 }, (_, index) => index % 256),
        text: bytesOf('the same line again and again\n'.repeat(10_000)),
        // More than one part, and nothing that could be made smaller.
        noise: randomBytes(1_300_000),
        empty: new Uint8Array(0),
      };
      const saved = Object.entries(contents).map(([id, content]) => checkpoint(id, 'one', content));
      saved.push(checkpoint('absent', 'one', null));
      for (const one of saved) await checkpoints.saveCheckpoint(...one);
      const ids = saved.map(([{ id }]) => id);
      expect((await checkpoints.listCheckpoints('one')).map(({ id }) => id)).toEqual([...ids].reverse());
      for (const [given, content] of saved) {
        const found = await checkpoints.getCheckpoint(given.id);
        expect(found).toEqual({ ...given, position: found?.position, logSequence: 0, sealed: false });
        if (content === null) expect(found?.before.hash).toBeNull();
        // Comparing a million numbers one by one takes a minute.
        else expect(sha256((await checkpoints.readContent(sha256(content)))!)).toBe(sha256(content));
      }
      expect(await checkpoints.listCheckpoints('two')).toEqual([]);
      expect(await checkpoints.getCheckpoint('nothing')).toBeUndefined();
      expect(await checkpoints.readContent('nothing')).toBeUndefined();
    });

    it('keeps the content although the caller reuses its buffer', async () => {
      const { checkpoints } = current();
      const content = Uint8Array.of(1, 2, 3);
      const hash = sha256(content);
      await checkpoints.saveCheckpoint(...checkpoint('c', 'one', content));
      content.fill(9);
      expect(await checkpoints.readContent(hash)).toEqual(Uint8Array.of(1, 2, 3));
    });

    it('orders changes by when they came, and says how long the log was, whatever the clock says', async () => {
      const { checkpoints, sessions } = current();
      await sessions.openSession('one', '/work');
      for (const createdAt of [3_000, 1_000, 2_000]) {
        await sessions.appendLog('one', said('and then'));
        const [given, content] = checkpoint(`at ${createdAt}`, 'one', bytesOf('x'));
        await checkpoints.saveCheckpoint({ ...given, createdAt }, content);
      }
      const list = await checkpoints.listCheckpoints('one');
      expect(list.map(({ id }) => id)).toEqual(['at 2000', 'at 1000', 'at 3000']);
      expect(list.map(({ logSequence }) => logSequence)).toEqual([3, 2, 1]);
      const [third = 0, second = 0, first = 0] = list.map(({ position }) => position);
      expect(first < second && second < third).toBe(true);
    });

    it('seals what was written, and keeps what an id was saved with first', async () => {
      const { checkpoints } = current();
      const after = { hash: 'ff00', mode: 0o755 };
      const [given] = checkpoint('c', 'one', Uint8Array.of(1));
      await checkpoints.saveCheckpoint(given, Uint8Array.of(1));
      await checkpoints.saveCheckpoint(...checkpoint('c', 'one', Uint8Array.of(2)));
      expect(await checkpoints.getCheckpoint('c')).toMatchObject({ ...given, sealed: false });
      await checkpoints.sealCheckpoint('c', after);
      const position = (await checkpoints.getCheckpoint('c'))?.position;
      const expected: Checkpoint = { ...given, after, sealed: true, position: position ?? 0, logSequence: 0 };
      expect(await checkpoints.listCheckpoints('one')).toEqual([expected]);
      await checkpoints.sealCheckpoint('c', { hash: null, mode: null });
      expect((await checkpoints.getCheckpoint('c'))?.after).toEqual({ hash: null, mode: null });
    });

    it('keeps what a restore is about to write, and which change it goes back to', async () => {
      const { checkpoints } = current();
      const [given, content] = checkpoint('c', 'one', Uint8Array.of(1));
      const restore: NewCheckpoint = {
        ...given,
        action: 'rewind',
        after: { hash: 'aa', mode: null },
        back: 7,
      };
      await checkpoints.saveCheckpoint(restore, content);
      expect(await checkpoints.getCheckpoint('c')).toMatchObject({ ...restore, sealed: false });
    });

    it('forgets a change that was not made, with its content, and none that was', async () => {
      const { checkpoints } = current();
      const content = bytesOf('only here');
      for (const id of ['made', 'not made']) {
        const own = id === 'made' ? bytesOf('kept') : content;
        await checkpoints.saveCheckpoint(...checkpoint(id, 'one', own));
      }
      await checkpoints.sealCheckpoint('made', { hash: 'ff', mode: null });
      for (const id of ['made', 'not made', 'nothing']) await checkpoints.discardCheckpoint(id);
      expect((await checkpoints.listCheckpoints('one')).map(({ id }) => id)).toEqual(['made']);
      expect(await checkpoints.readContent(sha256(content))).toBeUndefined();
      expect(await checkpoints.readContent(sha256(bytesOf('kept')))).toEqual(bytesOf('kept'));
    });

    it('keeps a content that many refer to once, until the last of them is gone', async () => {
      const { checkpoints, sessions } = current();
      const content = randomBytes(10_000);
      for (const session of ['one', 'two']) {
        await sessions.openSession(session, '/work');
        for (const id of ['a', 'b']) {
          await checkpoints.saveCheckpoint(...checkpoint(`${session} ${id}`, session, content));
        }
      }
      expect(await checkpoints.contentBytes()).toBe(10_000);
      await sessions.deleteSession('one');
      expect(sha256((await checkpoints.readContent(sha256(content)))!)).toBe(sha256(content));
      await sessions.deleteSession('two');
      expect(await checkpoints.readContent(sha256(content))).toBeUndefined();
      expect(await checkpoints.contentBytes()).toBe(0);
    });
  });
}

function textOf(entry: LogRecord): string | undefined {
  return entry.type === 'message' ? entry.message.content : undefined;
}

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text));
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Bytes that no compression makes smaller. */
function randomBytes(length: number): Uint8Array {
  return new Uint8Array(random(length));
}

function checkpoint(
  id: string,
  sessionId: string,
  content: Uint8Array | null,
): [NewCheckpoint, Uint8Array | null] {
  const before = content ? { hash: sha256(content), mode: 0o644 } : { hash: null, mode: null };
  return [
    {
      id,
      sessionId,
      action: 'edit',
      turnId: 'turn',
      path: '/work/ä/a.ts',
      before,
      after: null,
      back: null,
      createdAt: 1_700_000_000_000,
    },
    content,
  ];
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
