import { errorData } from '../core/errors.js';
import type { VictorEvent } from '../core/event.js';
import { append, endTurn, submitted } from '../state.js';
import { createLiveReducer } from './live-events.js';
import type { ScreenStore } from './screen-store.js';
import type { SessionPort } from './session-port.js';

export interface Conversation {
  readonly sessionId: string;
  readonly running: boolean;
  /** Sends now, or queues while a turn runs. */
  send(text: string): void;
  /** Stops the running turn, if there is one; what was queued behind it is handed back. */
  interrupt(): { readonly interrupted: boolean; readonly queued: readonly string[] };
  /** Another session from the next message on. */
  switchTo(sessionId: string): void;
  /** Resolves when no turn runs. */
  settled(): Promise<void>;
  close(): void;
}

/** Runs the turns of the REPL one after the other and shows what happens in them. */
export function createConversation(port: SessionPort, store: ScreenStore, first: string): Conversation {
  const reduceLive = createLiveReducer();
  let sessionId = first;
  let controller: AbortController | undefined;
  let running: Promise<void> = Promise.resolve();
  let failureShown = false;

  const unsubscribe = port.subscribe((event: VictorEvent) => {
    if (event.sessionId !== sessionId) return;
    if (event.type === 'turn-error') failureShown = true;
    const state = reduceLive(store.screen.state, event);
    if (state !== store.screen.state) store.update({ state }, 'soon');
  });

  async function run(text: string): Promise<void> {
    controller = new AbortController();
    const { signal } = controller;
    failureShown = false;
    store.update({ state: submitted(store.screen.state, text, Date.now()) }, 'now');
    try {
      // The events themselves come through the subscription, which also tells what happens between turns.
      for await (const _ of port.stream(text, { sessionId, signal }));
    } catch (error) {
      if (!failureShown && !signal.aborted) {
        store.update(
          { state: append(store.screen.state, { kind: 'error', error: errorData(error) }) },
          'now',
        );
      }
    }
    controller = undefined;
    const { retryText } = store.screen.state.turn;
    const hint = retryText === undefined ? '' : 'Your message was not kept: press Up to have it again.';
    store.update({ state: endTurn(store.screen.state, retryText), hint }, 'now');
    const [next, ...queued] = store.screen.queued;
    if (next === undefined) return;
    store.update({ queued }, 'now');
    await run(next);
  }

  return {
    get sessionId() {
      return sessionId;
    },
    get running() {
      return controller !== undefined;
    },
    send(text) {
      if (controller) store.update({ queued: [...store.screen.queued, text] }, 'now');
      else running = run(text);
    },
    interrupt() {
      const { queued } = store.screen;
      if (!controller) return { interrupted: false, queued: [] };
      store.update({ queued: [] }, 'now');
      controller.abort();
      return { interrupted: true, queued };
    },
    switchTo(id) {
      sessionId = id;
    },
    settled: () => running,
    close: unsubscribe,
  };
}
