import { modes } from '../core/coordinator.js';
import { append } from '../state.js';
import { createAnswerKeys } from './answer-keys.js';
import type { Approvals } from './approvals.js';
import type { Choices } from './choices.js';
import { createChords } from './chords.js';
import type { Command } from './commands/command.js';
import type { Conversation } from './conversation.js';
import { expandOutput, expandRunning, lastToolOutput } from './expand.js';
import { inputColumns } from './frame.js';
import { type InputAction, type InputState, reduceInput, textOf } from './input-state.js';
import { type Intent, intentOf } from './key-bindings.js';
import type { Key } from './keys.js';
import type { FileIndex } from './mentions/file-index.js';
import { createCompletion } from './menu/completion.js';
import type { ModeChanges } from './mode-changes.js';
import { asMessage } from './own-command.js';
import type { ScreenStore } from './screen-store.js';
import { createSearchKeys } from './search-keys.js';
import { createSecondPress } from './second-press.js';
import type { SessionPort } from './session-port.js';
import { shortcutLines } from './shortcuts.js';

export interface IntentsOptions {
  readonly port: SessionPort;
  readonly store: ScreenStore;
  readonly conversation: Conversation;
  readonly approvals: Approvals;
  readonly choices: Choices;
  readonly modeChanges: ModeChanges;
  readonly commands: readonly Command[];
  /** The files of the workspace, for mentions. */
  readonly files: FileIndex;
  /** Messages older than the history has, oldest first. */
  readonly earlierPrompts?: (() => Promise<readonly string[]>) | undefined;
  /** Takes a message or a command. */
  submit(text: string): void;
  /** Everything on the screen is drawn anew. */
  repaint(): void;
  /** Takes the input into the user's editor. */
  editOutside(): void;
  /** Hands the terminal to the shell. */
  suspend(): void;
  quit(): void;
}

const backInTheInput = 'What was queued is back in the input: send it, or clear it with Esc twice.';

const takenBack = 'This was queued and is not any more: Enter queues it again.';

/** Carries out what the keys mean. */
export function createIntents(options: IntentsOptions): { handle(keys: readonly Key[]): void } {
  const { port, store, conversation, approvals, choices, modeChanges, submit, repaint } = options;
  const { files } = options;
  const completion = createCompletion({
    port,
    store,
    get commands() {
      return options.commands;
    },
    files,
    sessionId: () => conversation.sessionId,
  });
  const columns = () => inputColumns(store.screen.columns);
  const cancelling = createSecondPress(store);
  const escaping = createSecondPress(store);

  const edit = (...actions: readonly InputAction[]) => {
    const input = actions.reduce(reduceInput, store.screen.input);
    store.update({ input, hint: '' }, 'now');
    completion.follow(actions);
    if (input.historyIndex === 0) search.loadEarlier();
  };

  function interrupt(): boolean {
    const { interrupted, queued } = conversation.interrupt();
    if (queued.length > 0) {
      edit({ type: 'recall', texts: queued });
      const body = { kind: 'notice', level: 'info', text: backInTheInput } as const;
      store.update({ state: append(store.screen.state, body) }, 'now');
    }
    return interrupted;
  }

  function takeQueued(): void {
    const { queued } = store.screen;
    store.update({ queued: queued.slice(0, -1) }, 'now');
    edit({ type: 'recall', texts: queued.slice(-1) });
    store.update({ hint: takenBack }, 'now');
  }

  function cancel(): void {
    if (cancelling.again()) {
      options.quit();
      return;
    }
    if (!interrupt()) edit({ type: 'clear' });
    cancelling.offer('Press Ctrl+C again to quit.');
  }

  function stopOrClear(): void {
    const again = escaping.again();
    if (interrupt()) {
      // Whoever stops a turn in a hurry does not want to go back.
      escaping.forget();
      return;
    }
    const empty = store.screen.input.text === '';
    if (again) escaping.forget();
    if (again && empty) submit('/rewind');
    else if (again) edit({ type: 'clear' });
    else if (!empty) escaping.offer('Press Esc again to clear the input.');
  }

  function nextMode(): void {
    const { sessionId } = conversation;
    const index = modes.indexOf(port.coordinators.mode.current(sessionId));
    modeChanges.change(modes[(index + 1) % modes.length] ?? 'ask', sessionId);
  }

  function expand(): void {
    const { state } = store.screen;
    const number = lastToolOutput(state.outputs);
    const answered = number === undefined ? '' : expandOutput(state.outputs, number);
    // What runs is what somebody looks at.
    const shown = expandRunning(state) ?? answered;
    if (typeof shown !== 'string') store.update({ state: append(state, shown) }, 'now');
    else store.update({ hint: 'No tool has answered yet.' }, 'now');
  }

  function showShortcuts(): void {
    const body = { kind: 'output', title: 'Keys', text: shortcutLines().join('\n') } as const;
    store.update({ state: append(store.screen.state, body) }, 'now');
  }

  function sendInput(): void {
    const { input } = store.screen;
    const text = textOf(input).trim();
    if (text === '') return;
    const isOwn = input.text.startsWith('!');
    const shown = input.text.trim();
    // What was sent as a message is one again when it comes out of the history.
    edit({ type: 'remember', text: isOwn ? shown : asMessage(shown) });
    // A pasted text that begins like a command was not seen as one.
    submit(isOwn ? text : asMessage(text));
  }

  const search = createSearchKeys({ store, earlierPrompts: options.earlierPrompts, send: sendInput });

  const does: Readonly<Record<Exclude<Intent['type'], 'edit'>, () => void>> = {
    send: sendInput,
    complete: completion.open,
    escape: stopOrClear,
    cancel,
    end: options.quit,
    repaint,
    'next-mode': nextMode,
    expand,
    shortcuts: showShortcuts,
    'take-queued': takeQueued,
    search: search.open,
    'edit-outside': options.editOutside,
    suspend: options.suspend,
  };

  const draft = {
    get input() {
      return store.screen.input;
    },
    edit: (actions: readonly InputAction[]) => edit(...actions),
    put: (input: InputState) => store.update({ input }, 'now'),
  };
  const hint = (text: string) => store.update({ hint: text }, 'now');
  const answer = createAnswerKeys({ approvals, columns, draft, hint, interrupt, repaint });
  const chord = createChords();
  const typing = () => {
    const { input, queued } = store.screen;
    return { input, columns: columns(), queued: queued.length > 0 };
  };

  function handle(keys: readonly Key[]): void {
    for (const pressed of keys) {
      const key = chord(pressed);
      if (!key) continue;
      if (intentOf(key, typing())?.type === 'suspend') {
        options.suspend();
        continue;
      }
      const asked = approvals.open || choices.open;
      if (!asked && (search.take(key) || completion.take(key))) continue;
      const intent = asked ? undefined : intentOf(key, typing());
      if (approvals.open) answer(key);
      else if (choices.open) choices.take(key);
      else if (intent?.type === 'edit') edit(...intent.actions);
      else if (intent) does[intent.type]();
    }
  }

  return { handle };
}
