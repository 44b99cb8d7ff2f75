import { setTimeout as sleep } from 'node:timers/promises';
import { emptyCacheHistory } from '../cache-history.js';
import { errorData } from '../core/errors.js';
import type { Message } from '../core/message.js';
import type { Tool } from '../core/tool.js';
import { append, type BlockBody, initialState, type State } from '../state.js';
import { warning } from './commands/command.js';
import type { Conversation } from './conversation.js';
import { mostMessages, replay } from './replay.js';
import type { ScreenStore } from './screen-store.js';
import type { SessionPort } from './session-port.js';

/** A session that takes longer to open shows its end meanwhile; its next turn waits for the rest. */
const patienceMs = 100;

/** What the status line says of everything around a session; it stays. */
type Around = 'sandbox' | 'today' | 'trust' | 'branch' | 'custom';

export interface SessionSwitchOptions {
  readonly port: SessionPort;
  readonly store: ScreenStore;
  readonly conversation: Conversation;
  footerOf(sessionId: string): Omit<State['footer'], Around>;
}

/** Goes on in another session, which is this process's alone then, and answers what shows where it stood. */
export function createSessionSwitch(
  options: SessionSwitchOptions,
): (sessionId: string) => Promise<readonly BlockBody[]> {
  const { port, store, conversation } = options;

  async function open(sessionId: string): Promise<boolean> {
    const opening = port.openSession(sessionId);
    opening.catch(() => {});
    const inTime = await Promise.race([opening.then(() => true), sleep(patienceMs, false)]);
    if (!inTime) void opening.catch(tell);
    return inTime;
  }

  function tell(error: unknown): void {
    const state = append(store.screen.state, { kind: 'error', error: errorData(error) });
    store.update({ state }, 'now');
  }

  /** The numbers of its calls go on from those that this chat has given already. */
  function shown(messages: readonly Message[], tools: readonly Tool[], total?: number): readonly BlockBody[] {
    const { state } = store.screen;
    const { blocks, outputs } = replay(messages, tools, state.outputs, total);
    store.update({ state: { ...state, outputs } }, 'now');
    return blocks;
  }

  return async (sessionId) => {
    const before = conversation.sessionId;
    const holder = await port.holdSession(sessionId);
    if (holder) {
      const id = sessionId;
      return warning(
        `Session ${id} is in use by process ${holder.pid}. /fork ${id} goes on in a copy of it.`,
      );
    }
    let opened: boolean;
    try {
      opened = await open(sessionId);
    } catch (error) {
      if (before !== sessionId) await port.releaseSession(sessionId);
      throw error;
    }
    conversation.switchTo(sessionId);
    if (before !== sessionId) await port.releaseSession(before);
    const { state } = store.screen;
    const { sandbox, today, trust, branch, custom } = state.footer;
    const around = { sandbox, today, trust, branch, custom };
    const { footer } = initialState({ ...options.footerOf(sessionId), ...around });
    store.update({ state: { ...state, footer, cache: { ...emptyCacheHistory, opened: 'resumed' } } }, 'now');
    const tools = port.coordinators.tool.list(sessionId);
    if (opened) return shown(port.coordinators.context.getContext(sessionId).messages, tools);
    const { sessions } = port.store;
    const tail = await sessions.readTail(sessionId, mostMessages);
    return shown(tail, tools, (await sessions.getSession(sessionId))?.messages);
  };
}
