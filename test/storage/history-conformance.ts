import { describe, expect, it, vi } from 'vitest';
import { assistantMessage, type Message, toolMessage, userMessage } from '../../src/core/message.js';
import { replayLog } from '../../src/core/replay-log.js';
import type { LogRecord, SearchHit, Store } from '../../src/core/store.js';
import { freshStore } from './fresh-store.js';

const messageEntry = (message: Message): LogRecord => ({ type: 'message', message });
const said = (text: string) => messageEntry(userMessage(text));

/** What every store must do to find, copy and bring in sessions. */
export function describeHistory(name: string, create: () => Promise<Store>): void {
  const current = freshStoreWith(create);

  describe(`${name}: what a resume reads`, () => {
    const { store, write } = current();

    it('is what the context is made of and not more, with the notes from before', async () => {
      const kept = userMessage('kept');
      const log: LogRecord[] = [
        said('first'),
        messageEntry(kept),
        { type: 'note', messageId: kept.id, volatile: 'it is Monday' },
        said('gone'),
        { type: 'compaction', messages: [userMessage('summary'), kept], strategy: 'recent' },
        said('after'),
        { type: 'failed-turn', messageIds: ['nobody'], error: 'overloaded' },
      ];
      await write('one', log);
      const { sessions } = store();
      const read = await sessions.readContextLog('one');
      expect(read.map(({ sequence }) => sequence)).toEqual([3, 5, 6, 7]);
      expect(replayLog(read)).toEqual(replayLog(await sessions.readLog('one')));
      expect(replayLog(read)).toMatchObject([
        { content: 'summary' },
        { content: 'kept', volatile: 'it is Monday' },
        { content: 'after' },
      ]);
      expect(await sessions.readContextLog('nobody')).toEqual([]);
    });

    it('is everything where nothing was reset or compacted, and begins at the latest of several', async () => {
      const { sessions } = store();
      const log = Array.from({ length: 2_100 }, (_, index) => said(`message ${index}`));
      await sessions.importSession({
        ...imported('one'),
        log: log.map((entry) => ({ entry, timestamp: 1 })),
      });
      const sequences = async () => (await sessions.readContextLog('one')).map(({ sequence }) => sequence);
      expect(await sequences()).toEqual(Array.from({ length: 2_100 }, (_, index) => index + 1));
      expect(await sessions.readContextLog('one')).toEqual(await sessions.readLog('one'));
      await sessions.appendLog('one', { type: 'reset' });
      expect(await sequences()).toEqual([2_101]);
      await sessions.appendLog('one', said('again'));
      await sessions.appendLog('one', { type: 'compaction', messages: [userMessage('all')], strategy: 'x' });
      expect(await sequences()).toEqual([2_103]);
    });

    it('the tail is the last messages in their order, whatever stands between and before them', async () => {
      const { sessions } = store();
      await write('one', [said('a'), said('b'), { type: 'reset' }, said('c'), { type: 'reset' }]);
      const tail = async (count: number) => (await sessions.readTail('one', count)).map((one) => one.content);
      expect(await tail(2)).toEqual(['b', 'c']);
      expect(await tail(9)).toEqual(['a', 'b', 'c']);
      expect(await sessions.readTail('nobody', 2)).toEqual([]);
    });
  });

  describe(`${name}: search`, () => {
    const { store, write } = current();
    const found = async (query: string, options?: { sessionId?: string; limit?: number }) =>
      (await store().sessions.searchMessages(query, options)).map(
        ({ session, sequence }) => `${session.id} ${sequence}`,
      );

    it('finds every message that has all of the words, and no other', async () => {
      await write('one', [said('retry the request after a timeout'), said('nothing of that kind')]);
      await write('two', [messageEntry(assistantMessage('A retry. Then a Timeout!')), said('retrying')]);
      expect((await found('retry timeout')).sort()).toEqual(['one 1', 'two 1']);
      expect(await found('timeout nothing')).toEqual([]);
      expect(await found('absent')).toEqual([]);
      expect((await found('RETRY')).sort()).toEqual(['one 1', 'two 1']);
      expect(await found('retr')).toEqual([]);
      expect((await found('retr*')).sort()).toEqual(['one 1', 'two 1', 'two 2']);
    });

    it('finds words in this order in quotes, and where signs join them', async () => {
      await write('one', [
        said('open the store'),
        said('the store is open'),
        said('see src/storage/open-store.ts'),
      ]);
      expect(await found('"the store is"')).toEqual(['one 2']);
      expect(await found('storage/open-store.ts')).toEqual(['one 3']);
      expect((await found('open store')).sort()).toEqual(['one 1', 'one 2', 'one 3']);
      expect(await found('"open-st"*')).toEqual(['one 3']);
    });

    it('finds what tools answered and what they were given, not what the system prompt says', async () => {
      const call = {
        id: 'c',
        name: 'Bash',
        input: { command: 'make frobnicate', nested: [{ deep: 'quux' }], n: 4711 },
      };
      await write('one', [
        messageEntry(assistantMessage('', { toolCalls: [call] })),
        messageEntry(toolMessage(call, 'frobnicated 12 widgets')),
        messageEntry({ id: 's', role: 'system', content: 'you know widgets' }),
      ]);
      expect(await found('frobnicate')).toEqual(['one 1']);
      expect(await found('quux')).toEqual(['one 1']);
      expect(await found('4711')).toEqual(['one 1']);
      expect(await found('widgets')).toEqual(['one 2']);
    });

    it.each([
      ['accents, whichever way they are written', 'Das Café in Köln', 'cafe koln'],
      ['accents that only the query has', 'the cafe', 'caf\u00e9'],
      ['Chinese, by any part of it', '我們修復登錄錯誤', '登錄錯'],
      ['Japanese', 'データベースを直す', 'ベース'],
      ['Korean by the word', '데이터베이스 오류', '오류'],
      ['Cyrillic in any case', 'Ошибка Сети', 'ошибка'],
      ['words around emoji and lone surrogates', 'one😀two \ud800three', 'two three'],
      ['words around NUL', 'before\u0000after', 'after'],
      ['what is not in the query language', 'AND OR NOT NEAR(x) col:y a-b ^c', 'NEAR(x) col:y ^c a-b OR'],
    ])('finds %s', async (_case, text, query) => {
      await write('one', [said(text), said('something else')]);
      expect(await found(query)).toEqual(['one 1']);
    });

    it.each(['', '  ', '"', '***', '😀', '-- ;'])('says that %j has no word in it', async (query) => {
      await expect(store().sessions.searchMessages(query)).rejects.toMatchObject({
        code: 'config',
        advice: expect.stringContaining('letter'),
      });
    });

    it('puts the message first that is about it, then the later of equal ones', async () => {
      const filler = 'and then a great deal about other things that nobody asked for '.repeat(5);
      await write('one', [said(`${filler} parser`), said('parser parser'), ...Array(12).fill(said('else'))]);
      expect(await found('parser')).toEqual(['one 2', 'one 1']);
      await write('two', [said('same lexer'), said('same lexer')]);
      expect(await found('lexer')).toEqual(['two 2', 'two 1']);
    });

    it('narrows to one session and to so many hits', async () => {
      await write('one', [said('word a'), said('word b')]);
      await write('two', [said('word c')]);
      expect(await found('word', { sessionId: 'two' })).toEqual(['two 1']);
      expect(await found('word', { sessionId: 'one' })).toHaveLength(2);
      expect(await found('word', { sessionId: 'nobody' })).toEqual([]);
      expect(await found('word', { limit: 2 })).toHaveLength(2);
    });

    it('tells the session, the place, the time, who said it, and shows the words in their line', async () => {
      const long = `${'start '.repeat(60)}\n\tthe  needle in   it ${'end '.repeat(60)}`;
      await write('one', [said('first'), messageEntry(assistantMessage(long))]);
      const [hit] = (await store().sessions.searchMessages('needle')) as [SearchHit];
      expect(hit).toMatchObject({ session: { id: 'one', title: 'first' }, sequence: 2, role: 'assistant' });
      expect(hit.timestamp).toBeGreaterThan(1_600_000_000_000);
      expect(hit.snippet.filter(({ matched }) => matched)).toEqual([{ text: 'needle', matched: true }]);
      const line = hit.snippet.map(({ text }) => text).join('');
      expect(line).toMatch(/^…start .*start the needle in it end .*…$/);
      expect(line.length).toBeLessThan(200);
    });

    it('shows no key, also where the cut would leave half of one', async () => {
      const key = `sk-ant-${'a1B2'.repeat(12)}`;
      await write('one', [said(`${'x '.repeat(70)}needle ${'y '.repeat(70)}${key}`), said(`needle ${key}`)]);
      const hits = await store().sessions.searchMessages('needle');
      expect(hits).toHaveLength(2);
      expect(JSON.stringify(hits)).not.toContain('a1B2');
      expect(JSON.stringify(hits.map(({ snippet }) => snippet))).toContain('[redacted]');
    });

    it('misses nothing that was appended before the call, and forgets what was deleted', async () => {
      const { sessions } = store();
      await write('one', []);
      for (let round = 1; round <= 300; round += 1) {
        await sessions.appendLog('one', said(`needle ${round}`));
        if (round % 60 === 0) expect(await found(`needle ${round}`)).toEqual([`one ${round}`]);
      }
      expect(await found('needle', { limit: 1_000 })).toHaveLength(300);
      await sessions.deleteSession('one');
      expect(await found('needle')).toEqual([]);
      await write('one', [said('a new needle')]);
      expect(await found('needle')).toEqual(['one 1']);
    });

    it('finds a word anywhere in a message of 5 MB', async () => {
      const filler = 'lorem ipsum dolor sit amet '.repeat(95_000);
      await write('one', [said(`alpha ${filler} middle ${filler} omega`)]);
      for (const word of ['alpha', 'middle', 'omega']) expect(await found(word)).toEqual(['one 1']);
    });

    it('D14: orders equal matches by what happened, although the clock went back a year', async () => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
      try {
        await write('one', [said('same thing')]);
        vi.setSystemTime(Date.now() - 365 * 86_400_000);
        await store().sessions.appendLog('one', said('same thing'));
      } finally {
        vi.useRealTimers();
      }
      expect(await found('thing')).toEqual(['one 2', 'one 1']);
    });
  });

  describe(`${name}: tags, forks and imports`, () => {
    const { store, write } = current();

    it('keeps tags once each and in order, and lists the sessions of one', async () => {
      const { sessions } = store();
      await write('one', [said('a')]);
      await write('two', [said('b')]);
      expect(await sessions.tagSession('one', { add: ['work', 'Ärger', 'work'] })).toBe(true);
      expect(await sessions.tagSession('one', { add: ['bug'], remove: ['Ärger', 'absent'] })).toBe(true);
      expect((await sessions.getSession('one'))?.tags).toEqual(['bug', 'work']);
      expect((await sessions.getSession('two'))?.tags).toEqual([]);
      const ids = async (tag: string) => (await sessions.listSessions({ tag })).map(({ id }) => id);
      expect(await ids('work')).toEqual(['one']);
      expect(await ids('wor')).toEqual([]);
      expect(await sessions.tagSession('nobody', { add: ['x'] })).toBe(false);
    });

    it('a fork goes on where the session stood; neither sees what becomes of the other', async () => {
      const { sessions } = store();
      await write('one', [
        said('hello'),
        { type: 'compaction', messages: [userMessage('sum')], strategy: 'x' },
      ]);
      await sessions.tagSession('one', { add: ['work'] });
      expect(await sessions.forkSession('one', 'two')).toBe(true);
      expect(await sessions.readLog('two')).toEqual(await sessions.readLog('one'));
      expect(await sessions.getSession('two')).toMatchObject({
        title: 'hello',
        messages: 1,
        tags: ['work'],
        forkedFrom: 'one',
      });
      expect(await sessions.getSession('one')).not.toHaveProperty('forkedFrom');
      await sessions.appendLog('two', said('only here'));
      await sessions.appendLog('one', said('only there'));
      expect((await sessions.readContextLog('two')).map(({ sequence }) => sequence)).toEqual([2, 3]);
      expect(JSON.stringify(await sessions.readLog('one'))).not.toContain('only here');
      await sessions.deleteSession('one');
      expect(await sessions.readLog('two')).toHaveLength(3);
      expect((await sessions.searchMessages('hello')).map(({ session }) => session.id)).toEqual(['two']);
      expect(await sessions.forkSession('one', 'three')).toBe(false);
      await write('four', []);
      expect(await sessions.forkSession('two', 'four')).toBe(false);
      expect(await sessions.readLog('four')).toEqual([]);
    });

    it('an imported session is as it was, with its times, and never in the place of another', async () => {
      const { sessions } = store();
      const log = [
        { entry: said('hello \ud800 world'), timestamp: 5 },
        { entry: { type: 'reset' } as const, timestamp: 3 },
        { entry: said('again'), timestamp: 4 },
      ];
      const session = {
        ...imported('one'),
        title: 'Named',
        tags: ['b', 'a', 'b'],
        createdAt: 3,
        updatedAt: 5,
        log,
      };
      expect(await sessions.importSession(session)).toBe(true);
      expect(await sessions.getSession('one')).toEqual({
        ...{
          id: 'one',
          title: 'Named',
          cwd: '/work',
          createdAt: 3,
          updatedAt: 5,
          messages: 2,
          tags: ['a', 'b'],
        },
      });
      expect(await sessions.readLog('one')).toEqual(log.map((line, at) => ({ ...line, sequence: at + 1 })));
      expect((await sessions.readContextLog('one')).map(({ sequence }) => sequence)).toEqual([2, 3]);
      expect(await sessions.importSession({ ...session, title: 'Other', log: [] })).toBe(false);
      const withKey = { ...session, id: 'with-key', title: 'use sk-ant-api03-abcdefghijklmnop', log: [] };
      expect(await sessions.importSession(withKey)).toBe(true);
      expect((await sessions.getSession('with-key'))?.title).toBe('use [redacted]');
      expect(await sessions.getSession('one')).toMatchObject({ title: 'Named', messages: 2 });
      expect((await sessions.searchMessages('world')).map(({ sequence }) => sequence)).toEqual([1]);
    });

    it('lists what was changed last before a moment', async () => {
      const { sessions } = store();
      await sessions.importSession({ ...imported('old'), updatedAt: 1_000 });
      await sessions.importSession({ ...imported('new'), updatedAt: 2_000 });
      const ids = async (before: number) => (await sessions.listSessions({ before })).map(({ id }) => id);
      expect(await ids(1_000)).toEqual([]);
      expect(await ids(1_001)).toEqual(['old']);
      expect(await ids(3_000)).toEqual(['new', 'old']);
    });
  });

  describe(`${name}: who works in a session`, () => {
    const { store } = current();

    it('D11: one at a time, whether the session exists yet or not; who comes second is told by whom', async () => {
      const { sessions } = store();
      const first = await sessions.holdSession('one');
      expect(first.held).toBe(true);
      expect(await sessions.holdSession('one')).toMatchObject({
        held: false,
        holder: { pid: process.pid, since: expect.any(Number) },
      });
      const other = await sessions.holdSession('two');
      expect(other.held).toBe(true);
      if (first.held) await first.release();
      const again = await sessions.holdSession('one');
      expect(again.held).toBe(true);
      // What was given back once gives nothing of the next one back.
      if (first.held) await first.release();
      expect((await sessions.holdSession('one')).held).toBe(false);
    });
  });

  function freshStoreWith(make: () => Promise<Store>) {
    return () => {
      const store = freshStore(make);
      const write = async (id: string, entries: readonly LogRecord[]) => {
        await store().sessions.openSession(id, '/work');
        for (const entry of entries) await store().sessions.appendLog(id, entry);
      };
      return { store, write };
    };
  }
}

function imported(id: string) {
  return { id, title: '', cwd: '/work', createdAt: 1, updatedAt: 1, tags: [], log: [] };
}
