import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SessionCoordinator } from '../../src/coordinators/session.js';
import type { ProviderRequest } from '../../src/core/provider.js';
import { noUsage } from '../../src/core/usage.js';
import { AgentOrchestrator } from '../../src/orchestrator.js';
import { ScriptedProvider } from '../../src/providers/scripted.js';
import { createMemoryStore } from '../../src/storage/memory-store.js';
import { openStore } from '../../src/storage/open-store.js';
import { collect, ofType, scriptedOrchestrator } from '../helpers/scripted-orchestrator.js';
import { makeWorkspace } from '../helpers/workspace.js';

const echo = () => scriptedOrchestrator((request) => ({ text: `${request.messages.length} messages` }));

describe('sessions (example 9 of the seed)', () => {
  it('exist from the start, are created on first use, and keep context and analytics apart', async () => {
    const { orchestrator } = await echo();
    expect(orchestrator.sessionId).toMatch(/^[0-9a-f-]{36}$/);
    await orchestrator.chat('Review this code', { sessionId: 'code-review-123' });
    await orchestrator.chat('And this', { sessionId: 'code-review-123' });
    const docs = await orchestrator.chat('Write documentation', { sessionId: 'docs-456' });
    expect(docs.content).toBe('1 messages');
    const { analytics, context } = orchestrator.coordinators;
    const count = async (id: string) => (await analytics.getSessionAnalytics(id)).events.length;
    expect(await count('code-review-123')).toBeGreaterThan(await count('docs-456'));
    expect(context.getContext('docs-456').messages).toHaveLength(2);
  });

  it('resetting one clears its context at once and nothing else; analytics and the log stay', async () => {
    const { orchestrator } = await echo();
    await orchestrator.chat('a', { sessionId: 'one' });
    await orchestrator.chat('b', { sessionId: 'two' });
    const { context, session, analytics } = orchestrator.coordinators;
    const before = (await analytics.getSessionAnalytics('one')).events.length;
    const reset = session.resetSession('one');
    expect(context.getContext('one').messages).toEqual([]);
    expect(await reset).toBe(true);
    expect(context.getContext('two').messages).toHaveLength(2);
    expect((await analytics.getSessionAnalytics('one')).events.length).toBe(before);
    const log = await orchestrator.store.sessions.readLog('one');
    expect(log.map(({ entry }) => entry.type)).toEqual(['message', 'message', 'reset']);
  });

  it('resetting an unknown session answers false', async () => {
    const { orchestrator } = await echo();
    expect(await orchestrator.resetSession('nobody')).toBe(false);
  });

  it('a fork goes on from where the session stands after its turn, with a context of its own', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator((request) => ({
      text: `${request.messages.length} messages`,
      delayMs: 40,
    }));
    expect(await orchestrator.forkSession('one')).toBeUndefined();
    const turn = orchestrator.chat('first', { sessionId: 'one' });
    while (requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    // The turn runs: the copy has its end.
    const copy = await orchestrator.forkSession('one');
    await turn;
    expect(copy).toMatch(/^[0-9a-f-]{36}$/);
    expect((await orchestrator.chat('in the copy', { sessionId: copy! })).content).toBe('3 messages');
    expect((await orchestrator.chat('in the original', { sessionId: 'one' })).content).toBe('3 messages');
    const { messages } = orchestrator.coordinators.context.getContext(copy!);
    expect(messages.map(({ content }) => content)).toEqual([
      ...['first', '1 messages', 'in the copy', '3 messages'],
    ]);
    expect(await orchestrator.store.sessions.getSession(copy!)).toMatchObject({ forkedFrom: 'one' });
  });

  it("a user's session coordinator without a fork of its own has the store copy", async () => {
    const store = createMemoryStore();
    const built = new SessionCoordinator({ store: store.sessions, cwd: '/', resetContext: () => {} });
    const own = {
      open: (id?: string) => built.open(id),
      record: built.record.bind(built),
      list: built.list.bind(built),
      resetSession: (id: string) => built.resetSession(id),
    };
    const { orchestrator } = await scriptedOrchestrator(() => ({ text: 'yes' }), {
      store,
      coordinators: { session: own },
    });
    await orchestrator.chat('hello', { sessionId: 'one' });
    const copy = await orchestrator.forkSession('one');
    expect(await store.sessions.readLog(copy!)).toEqual(await store.sessions.readLog('one'));
  });

  it('D11: what one orchestrator holds another one is refused until it is released or closed', async () => {
    const file = join(await makeWorkspace(), 'data', 'victor.db');
    const open = async () => {
      const store = await openStore({ file });
      return new AgentOrchestrator({
        provider: new ScriptedProvider({ script: [] }),
        store,
        environment: {},
      });
    };
    const [one, two] = [await open(), await open()];
    expect(await one.holdSession('a')).toBeUndefined();
    expect(await one.holdSession('a')).toBeUndefined();
    expect(await one.holdSession('b')).toBeUndefined();
    expect(await two.holdSession('a')).toMatchObject({ pid: process.pid });
    await one.releaseSession('a');
    expect(await two.holdSession('a')).toBeUndefined();
    expect(await two.holdSession('b')).toMatchObject({ pid: process.pid });
    await one.close();
    expect(await two.holdSession('b')).toBeUndefined();
    await two.close();
  });

  it('two chats on one session wait for each other; chats on different sessions run at the same time', async () => {
    const running = { now: 0, most: 0 };
    let asked = 0;
    let allAsked = () => {};
    const six = new Promise<void>((resolve) => {
      allAsked = resolve;
    });
    const provider = {
      name: 'together',
      async *stream(request: ProviderRequest) {
        asked += 1;
        if (asked === 6) allAsked();
        // Of the last three none is answered before all were asked.
        if (asked > 3) await six;
        yield { type: 'text-delta', text: String(request.messages.length) } as const;
        yield { type: 'end', stopReason: 'end', usage: noUsage } as const;
      },
    };
    const { orchestrator } = await scriptedOrchestrator([], { provider });
    orchestrator.subscribe((event) => {
      if (event.type === 'turn-start') running.most = Math.max(running.most, ++running.now);
      if (event.type === 'turn-end') running.now -= 1;
    });
    const same = await Promise.all([orchestrator.chat('1'), orchestrator.chat('2'), orchestrator.chat('3')]);
    expect(same.map(({ content }) => content)).toEqual(['1', '3', '5']);
    expect(running.most).toBe(1);
    await Promise.all(['a', 'b', 'c'].map((sessionId) => orchestrator.chat('x', { sessionId })));
    expect(running.most).toBe(3);
  });

  it('a resumed session starts from its log, without the reset past and the failed turns', async () => {
    const store = createMemoryStore();
    const first = new AgentOrchestrator({
      provider: new ScriptedProvider({
        script: [{ text: 'old' }, { text: 'kept' }, { error: { kind: 'authentication', message: 'no' } }],
      }),
      store,
      sessionId: 's',
    });
    await first.chat('before the reset');
    await first.resetSession('s');
    await first.chat('after the reset');
    await expect(first.chat('fails')).rejects.toThrow();
    const second = new AgentOrchestrator({
      provider: new ScriptedProvider({
        script: (request) => ({ text: request.messages.map((m) => m.content).join('|') }),
      }),
      store,
      sessionId: 's',
    });
    const events = await collect(second.stream('resumed'));
    expect(ofType(events, 'session-open')[0]).toMatchObject({ resumed: true, messages: 2 });
    expect(ofType(events, 'turn-end')[0]?.content).toBe('after the reset|kept|resumed');
  });

  it('a compacted session resumes compacted', async () => {
    const store = createMemoryStore();
    const open = () =>
      new AgentOrchestrator({
        provider: new ScriptedProvider({ script: () => ({ text: 'answer' }) }),
        store,
        sessionId: 's',
      });
    const first = open();
    for (let turn = 0; turn < 8; turn++) await first.chat(`turn ${turn}`);
    const { after } = await first.compact();
    const second = open();
    await second.openSession('s');
    expect(second.coordinators.context.getContext('s').messages).toHaveLength(after.messages);
  });

  it('opening a session twice at once reads its log once', async () => {
    const store = createMemoryStore();
    const script = () => ({ text: 'answer' });
    const open = () =>
      new AgentOrchestrator({ provider: new ScriptedProvider({ script }), store, sessionId: 's' });
    await open().chat('first');
    const second = open();
    await Promise.all([second.openSession('s'), second.chat('second')]);
    const { messages } = second.coordinators.context.getContext('s');
    expect(messages.map(({ content }) => content)).toEqual(['first', 'answer', 'second', 'answer']);
  });

  it('a long output of one session cannot be read by another without asking', async () => {
    const noise = `printf 'SESSION-A-SECRET%.0s' {1..9000}`;
    const outputDirectory = await makeWorkspace();
    const read: { path: string } = { path: '' };
    const { orchestrator } = await scriptedOrchestrator(
      ({ messages }) => {
        if (messages.length === 1 && messages[0]!.content === 'run') {
          return { toolCalls: [{ name: 'Bash', input: { command: noise } }] };
        }
        const text = messages.at(-1)!.content;
        read.path ||= text.match(/\S+output-[0-9a-f-]+\.txt/)?.[0] ?? '';
        if (text === 'peek') return { toolCalls: [{ name: 'Read', input: read }] };
        return { text: 'done' };
      },
      { outputDirectory, settings: { permissions: { allow: ['Bash'] } } },
    );
    await orchestrator.chat('run', { sessionId: 'a' });
    expect(read.path).toContain(outputDirectory);
    expect((await orchestrator.chat('peek', { sessionId: 'a' })).denials).toEqual([]);
    expect((await orchestrator.chat('peek', { sessionId: 'b' })).denials).toHaveLength(1);
  });
});
