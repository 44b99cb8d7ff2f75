import { modes } from '../core/coordinator.js';
import { append } from '../state.js';
import type { Approvals } from './approvals.js';
import type { Command } from './commands/command.js';
import { completions } from './commands/run-command.js';
import type { Conversation } from './conversation.js';
import { type InputAction, reduceInput } from './input-state.js';
import { approvalIntentOf, type Intent, intentOf } from './key-bindings.js';
import type { Key } from './keys.js';
import type { ScreenStore } from './screen-store.js';
import type { SessionPort } from './session-port.js';

export interface IntentsOptions {
  readonly port: SessionPort;
  readonly store: ScreenStore;
  readonly conversation: Conversation;
  readonly approvals: Approvals;
  readonly commands: readonly Command[];
  /** Takes a message or a command. */
  submit(text: string): void;
  /** Everything on the screen is drawn anew. */
  repaint(): void;
  quit(): void;
}

const backInTheInput = 'What was queued is back in the input: send it, or clear it with Esc twice.';

/** A key pressed again within this time means its second meaning. */
const twiceMs = 1_000;

/** Carries out what the keys mean. */
export function createIntents(options: IntentsOptions): { handle(keys: readonly Key[]): void } {
  const { port, store, conversation, approvals, commands, submit } = options;
  let cancelledAt = Number.NEGATIVE_INFINITY;
  let escapedAt = Number.NEGATIVE_INFINITY;

  const edit = (...actions: readonly InputAction[]) => {
    const input = actions.reduce(reduceInput, store.screen.input);
    store.update({ input, hint: completionHint(input.text) }, 'now');
  };
  const completionHint = (text: string) => {
    const names = completions(commands, text);
    return names.length > 0 && !(names.length === 1 && names[0] === text) ? `Tab: ${names.join(' ')}` : '';
  };

  function send(text: string): void {
    edit({ type: 'remember', text }, { type: 'clear' });
    submit(text);
  }

  function interrupt(): boolean {
    const { interrupted, queued } = conversation.interrupt();
    if (queued.length > 0) {
      const text = [...queued, store.screen.input.text].filter((part) => part !== '').join('\n');
      edit({ type: 'set', text });
      const body = { kind: 'notice', level: 'info', text: backInTheInput } as const;
      store.update({ state: append(store.screen.state, body) }, 'now');
    }
    return interrupted;
  }

  function cancel(): void {
    const again = performance.now() - cancelledAt < twiceMs;
    if (again) {
      options.quit();
      return;
    }
    cancelledAt = performance.now();
    if (!interrupt()) edit({ type: 'clear' });
    store.update({ hint: 'Press Ctrl+C again to quit.' }, 'now');
  }

  function stopOrClear(): void {
    const again = performance.now() - escapedAt < twiceMs;
    escapedAt = performance.now();
    if (interrupt() || store.screen.input.text === '') return;
    if (again) edit({ type: 'clear' });
    else store.update({ hint: 'Press Esc again to clear the input.' }, 'now');
  }

  function complete(): void {
    const { text } = store.screen.input;
    const names = completions(commands, text);
    const [first] = names;
    if (first === undefined) return;
    edit({ type: 'set', text: names.length === 1 ? `${first} ` : commonStart(names) });
  }

  function nextMode(): void {
    const { sessionId } = conversation;
    const index = modes.indexOf(port.coordinators.mode.current(sessionId));
    port.setMode(modes[(index + 1) % modes.length] ?? 'ask', sessionId);
  }

  function expand(): void {
    const { lastOutput } = store.screen.state;
    if (lastOutput) {
      const state = append(store.screen.state, { kind: 'output', ...lastOutput });
      store.update({ state }, 'now');
    } else store.update({ hint: 'No tool has answered yet.' }, 'now');
  }

  function sendInput(): void {
    const text = store.screen.input.text.trim();
    if (text !== '') send(text);
  }

  const does: Readonly<Record<Exclude<Intent['type'], 'edit'>, () => void>> = {
    send: sendInput,
    complete,
    escape: stopOrClear,
    cancel,
    end: options.quit,
    repaint: options.repaint,
    'next-mode': nextMode,
    expand,
  };

  function answer(key: Key): void {
    const how = approvalIntentOf(key);
    if (how === 'stop') interrupt();
    else if (how) approvals.answer(how);
  }

  function handle(keys: readonly Key[]): void {
    for (const key of keys) {
      const intent = approvals.open ? undefined : intentOf(key, store.screen.input);
      if (approvals.open) answer(key);
      else if (intent?.type === 'edit') edit(...intent.actions);
      else if (intent) does[intent.type]();
    }
  }

  return { handle };
}

function commonStart(names: readonly string[]): string {
  const [first = '', ...rest] = names;
  let length = first.length;
  for (const name of rest) while (!name.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, length);
}
