import { describe, expect, it, onTestFinished } from 'vitest';
import { userMessage } from '../../src/core/message.js';
import { AgentOrchestrator } from '../../src/orchestrator.js';
import { ScriptedProvider } from '../../src/providers/scripted.js';
import { initialState } from '../../src/state.js';
import { createMemoryStore } from '../../src/storage/memory-store.js';
import { createConversation } from '../../src/ui/conversation.js';
import { initialInput } from '../../src/ui/input-state.js';
import type { Screen } from '../../src/ui/screen.js';
import { createScreenStore } from '../../src/ui/screen-store.js';
import { createSessionSwitch } from '../../src/ui/switch-session.js';

/** A screen over a real orchestrator, and a stored session of so many messages that opens when it is let. */
async function slowSession(messages: number) {
  const memory = createMemoryStore();
  let open: (error?: Error) => void = () => {};
  const opened = new Promise<void>((resolve, reject) => {
    open = (error) => (error ? reject(error) : resolve());
  });
  opened.catch(() => {});
  const sessions = {
    ...memory.sessions,
    readContextLog: async (id: string) => {
      if (id === 'long') await opened;
      return memory.sessions.readContextLog(id);
    },
  };
  const described = { title: 'Long', cwd: '/', createdAt: 1, updatedAt: 1, tags: [] };
  const log = Array.from({ length: messages }, (_, at) => ({
    entry: { type: 'message' as const, message: userMessage(`message ${at + 1}`) },
    timestamp: 1,
  }));
  await memory.sessions.importSession({ ...described, id: 'long', log });
  const orchestrator = new AgentOrchestrator({
    provider: new ScriptedProvider({ script: [{ text: 'Answer.' }] }),
    store: { ...memory, sessions },
    environment: {},
  });
  const initial = {
    ...{ state: initialState(), input: initialInput(), columns: 80, rows: 24, now: 0 },
    ...{ approval: undefined, queued: [], hint: '', print: { number: 0, blocks: [] } },
  };
  const printed: string[] = [];
  const paint = ({ print }: Screen) => void printed.push(JSON.stringify(print.blocks));
  const store = createScreenStore({ initial, paint });
  const conversation = createConversation(orchestrator, store, orchestrator.sessionId);
  onTestFinished(async () => {
    conversation.close();
    store.stop();
    await orchestrator.close();
  });
  const footerOf = (sessionId: string) => ({ ...initialState().footer, sessionId });
  const switchSession = createSessionSwitch({ port: orchestrator, store, conversation, footerOf });
  return { orchestrator, conversation, store, printed, switchSession, open };
}

describe('going to another session', () => {
  it('D12: shows the end of one that takes long to open at once, and its next turn has all of it', async () => {
    const { orchestrator, conversation, store, switchSession, open } = await slowSession(1_000);
    const blocks = await switchSession('long');
    expect(blocks).toHaveLength(13);
    expect(blocks[0]).toMatchObject({ text: 'Resumed; 988 earlier messages are not shown.' });
    expect(blocks[1]).toMatchObject({ kind: 'user', text: 'message 989' });
    expect(blocks[12]).toMatchObject({ kind: 'user', text: 'message 1000' });
    expect(conversation.sessionId).toBe('long');
    expect(store.screen.state.footer.sessionId).toBe('long');
    conversation.send('go on');
    open();
    await conversation.settled();
    expect(orchestrator.coordinators.context.getContext('long').messages).toHaveLength(1_002);
  });

  it('tells when the rest cannot be read after all', async () => {
    const { printed, switchSession, open } = await slowSession(20);
    await switchSession('long');
    open(new Error('the disk is gone'));
    await expect.poll(() => printed.join()).toContain('the disk is gone');
  });

  it('stays where it is when the session cannot be opened, and leaves it to others', async () => {
    const { orchestrator, conversation, switchSession, open } = await slowSession(20);
    open(new Error('damaged'));
    await expect(switchSession('long')).rejects.toThrow('damaged');
    expect(conversation.sessionId).toBe(orchestrator.sessionId);
    expect((await orchestrator.store.sessions.holdSession('long')).held).toBe(true);
  });

  it('gives the session it leaves back to others', async () => {
    const { orchestrator, switchSession, open } = await slowSession(20);
    open();
    const { sessionId, store } = orchestrator;
    await orchestrator.holdSession(sessionId);
    await switchSession('long');
    expect((await store.sessions.holdSession(sessionId)).held).toBe(true);
    expect((await store.sessions.holdSession('long')).held).toBe(false);
  });
});
