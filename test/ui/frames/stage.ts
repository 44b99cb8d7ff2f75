import type { EventBody, VictorEvent } from '../../../src/core/event.js';
import type { ToolCall } from '../../../src/core/message.js';
import { append, type BlockBody, type Footer, initialState, submitted } from '../../../src/state.js';
import { createApprovalQueue } from '../../../src/ui/approval-queue.js';
import { createApprovals } from '../../../src/ui/approvals.js';
import { createChoices } from '../../../src/ui/choices.js';
import { commands } from '../../../src/ui/commands/registry.js';
import { runCommand } from '../../../src/ui/commands/run-command.js';
import { type InputAction, initialInput, reduceInput } from '../../../src/ui/input-state.js';
import { createKeyParser } from '../../../src/ui/keys.js';
import { createLiveReducer } from '../../../src/ui/live-events.js';
import type { Screen } from '../../../src/ui/screen.js';
import { createScreenStore, type ScreenStore } from '../../../src/ui/screen-store.js';
import type { ApprovalRequest } from '../../../src/ui/session-port.js';
import { fakeHost } from '../programs/fake-host.js';
import { createFakePort } from '../programs/fake-port.js';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A chat without a model: what happens in it is said by whoever sets the scene. */
export interface Stage extends Size {
  readonly store: ScreenStore;
  show(...blocks: readonly BlockBody[]): void;
  /** The user sends this and the turn begins. */
  send(text: string): void;
  emit(body: EventBody): void;
  footer(change: Partial<Footer>): void;
  edit(...actions: readonly InputAction[]): void;
  /** A call of the model that waits for the user. */
  ask(call: Omit<ToolCall, 'id'>, request?: Partial<ApprovalRequest>): void;
  /** Begins to write what to do instead, when that may be begun. */
  answerInstead(text: string): void;
  /** Asks, and lets these keys arrive. */
  choose(question: string, options: readonly string[], keys?: string): void;
  /** Runs a slash command to its end, or to the question it asks. */
  run(text: string): Promise<void>;
}

/** The time that every frame is drawn at. */
export const now = Date.UTC(2026, 0, 31, 18, 4);

export function createStage({ columns, rows }: Size, paint: (screen: Screen) => void): Stage {
  const footer = {
    provider: 'anthropic',
    model: 'claude-sonnet-5-5',
    sessionId: '1a2b3c4d-5e6f',
    contextWindow: 200_000,
  };
  const initial: Screen = {
    state: initialState(footer),
    input: initialInput(['an earlier message']),
    columns,
    rows,
    now,
    approval: undefined,
    choice: undefined,
    queued: [],
    hint: '',
    print: { number: 0, blocks: [] },
  };
  const store = createScreenStore({ initial, paint });
  const queue = createApprovalQueue();
  const approvals = createApprovals(queue, store);
  const choices = createChoices(store);
  const port = createFakePort({ act: async () => {} });
  const reduceLive = createLiveReducer();
  let calls = 0;

  const show = (...blocks: readonly BlockBody[]) => {
    store.update({ state: blocks.reduce(append, store.screen.state) }, 'now');
  };
  const emit = (body: EventBody) => {
    const event = { ...body, id: 'e', sessionId: 's', timestamp: now - 4_000 } as VictorEvent;
    store.update({ state: reduceLive(store.screen.state, event) }, 'now');
  };
  return {
    columns,
    rows,
    store,
    show,
    emit,
    send(text) {
      store.update({ state: submitted(store.screen.state, text, now - 12_000) }, 'now');
    },
    footer(change) {
      const { state } = store.screen;
      store.update({ state: { ...state, footer: { ...state.footer, ...change } } }, 'now');
    },
    edit(...actions) {
      store.update({ input: actions.reduce(reduceInput, store.screen.input) }, 'now');
    },
    ask(asked, more = {}) {
      calls += 1;
      const call = { id: `call-${calls}`, ...asked };
      const reason = 'Mode ask asks before running commands.';
      const request: ApprovalRequest = {
        call,
        title: String(call.input.command ?? call.input.path ?? ''),
        decision: { verdict: 'ask', reason },
        sessionId: 's',
        signal: new AbortController().signal,
        scopes: ['once', 'session', 'project'],
        ...more,
      };
      emit({ type: 'tool-call', call, title: request.title });
      void queue.request(request);
    },
    answerInstead(text) {
      const { approval } = store.screen;
      if (!approval) throw new Error('nothing was asked');
      const entry = reduceInput(initialInput(), { type: 'insert', text });
      store.update({ approval: { ...approval, entry } }, 'now');
    },
    choose(question, options, keys = '') {
      void choices.ask(question, options);
      for (const key of createKeyParser().push(keys)) choices.take(key);
    },
    async run(text) {
      show({ kind: 'user', text });
      const context = {
        ...{ port, host: fakeHost, sessionId: 'session-one', state: store.screen.state, commands, columns },
        cwd: '/nowhere',
        switchSession: async () => [],
        changeMode: () => true,
        show: (blocks: readonly BlockBody[]) => show(...blocks),
        choose: choices.ask,
        hint: (hint: string) => store.update({ hint }, 'now'),
        send: () => {},
        copy: async () => ['the terminal'],
        setInput: () => {},
        quit: () => {},
      };
      const asked = new Promise<'asked'>((resolve) => {
        const wait = () => (choices.open ? resolve('asked') : setImmediate(wait));
        wait();
      });
      const ended = await Promise.race([runCommand(text, context, false), asked]);
      if (ended !== 'asked') show(...ended);
      approvals.close();
    },
  };
}
