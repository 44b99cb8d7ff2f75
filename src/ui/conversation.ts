import type { WorkflowRunOptions } from '../core/coordinator.js';
import { errorData } from '../core/errors.js';
import type { VictorEvent } from '../core/event.js';
import { append, commandStarted, endTurn, submitted } from '../state.js';
import { clip, oneLine } from './displayable.js';
import { createLiveReducer } from './live-events.js';
import { ownCommand } from './own-command.js';
import type { ScreenStore } from './screen-store.js';
import type { SessionPort } from './session-port.js';

export interface SentHow {
  /** `false` for a text of somebody else's, a model's plan for example: what it mentions does not go along. */
  readonly typed?: boolean;
  /** What of the text may mention files; all of it when absent. */
  readonly mentions?: string;
  /** The text stands for a run of this workflow, and is no message. */
  readonly workflow?: WorkflowToRun;
}

export interface WorkflowToRun extends Pick<WorkflowRunOptions, 'resume'> {
  readonly name: string;
  readonly input: string;
}

export interface Conversation {
  readonly sessionId: string;
  readonly running: boolean;
  /** The last turn is over for whoever looks at the screen, though it still runs. */
  readonly ending: boolean;
  /** Sends now, or queues while a turn runs. */
  send(text: string, how?: SentHow): void;
  /** Stops the running turn, if there is one; what was queued behind it is handed back. */
  interrupt(): { readonly interrupted: boolean; readonly queued: readonly string[] };
  /** Another session from the next message on. */
  switchTo(sessionId: string): void;
  /** Resolves when no turn runs. */
  settled(): Promise<void>;
  close(): void;
}

/** Of a command that runs so much is shown. */
const mostCells = 40;

/** Runs the turns of the REPL one after the other and shows what happens in them. */
export function createConversation(port: SessionPort, store: ScreenStore, first: string): Conversation {
  const reduceLive = createLiveReducer();
  let sessionId = first;
  let controller: AbortController | undefined;
  let running: Promise<void> = Promise.resolve();
  let failureShown = false;
  /** What texts on their way stand for. */
  const workflows = new Map<string, WorkflowToRun>();
  /** Texts on their way that are not as the user typed them: what of each may mention files. */
  const mentionsOf = new Map<string, string>();

  const unsubscribe = port.subscribe((event: VictorEvent) => {
    if (event.sessionId !== sessionId) return;
    if (event.type === 'turn-error') failureShown = true;
    const state = reduceLive(store.screen.state, event);
    if (state !== store.screen.state) store.update({ state }, 'soon');
  });

  function mentionsIn(text: string): string {
    const mentions = mentionsOf.get(text) ?? text;
    mentionsOf.delete(text);
    return mentions;
  }

  async function run(text: string): Promise<void> {
    controller = new AbortController();
    const { signal } = controller;
    failureShown = false;
    const workflow = workflows.get(text);
    workflows.delete(text);
    const command = workflow ? `workflow ${workflow.name}` : ownCommand(text);
    const { state } = store.screen;
    const begun =
      command === undefined
        ? submitted(state, text, Date.now())
        : commandStarted(state, clip(oneLine(command), mostCells), Date.now());
    store.update({ state: begun }, 'now');
    try {
      // The events themselves come through the subscription, which also tells what happens between turns.
      if (workflow) {
        const { name, input, resume } = workflow;
        for await (const _ of port.runWorkflow(name, input, { sessionId, signal, resume }));
      } else if (command === undefined)
        for await (const _ of port.stream(text, { sessionId, signal, mentions: mentionsIn(text) }));
      else await port.runCommand(command, { sessionId, signal });
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
    get ending() {
      const { state, queued } = store.screen;
      return controller !== undefined && !state.turn.running && queued.length === 0;
    },
    send(text, { typed = true, workflow, mentions = typed ? text : '' } = {}) {
      if (workflow) workflows.set(text, workflow);
      if (mentions === text) mentionsOf.delete(text);
      else mentionsOf.set(text, mentions);
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
