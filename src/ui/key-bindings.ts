import type { InputAction, InputEdit, InputMove, InputState } from './input-state.js';
import type { Key } from './keys.js';

/** What a key means to the REPL. */
export type Intent =
  | { readonly type: 'edit'; readonly actions: readonly InputAction[] }
  | {
      readonly type: 'send' | 'complete' | 'escape' | 'cancel' | 'end' | 'repaint' | 'next-mode' | 'expand';
    };

const control: Readonly<Record<string, InputMove | InputEdit>> = {
  a: 'line-start',
  e: 'line-end',
  b: 'left',
  f: 'right',
  k: 'kill-line-end',
  u: 'kill-line-start',
  w: 'kill-word-left',
  y: 'yank',
  h: 'delete-left',
  p: 'history-up',
  n: 'history-down',
  left: 'word-left',
  right: 'word-right',
  backspace: 'kill-word-left',
};
const alt: Readonly<Record<string, InputMove | InputEdit>> = {
  b: 'word-left',
  f: 'word-right',
  d: 'kill-word-right',
  left: 'word-left',
  right: 'word-right',
  backspace: 'kill-word-left',
};
const bare: Readonly<Record<string, InputMove | InputEdit>> = {
  left: 'left',
  right: 'right',
  up: 'up',
  down: 'down',
  home: 'line-start',
  end: 'line-end',
  backspace: 'delete-left',
  delete: 'delete-right',
};
const commands: Readonly<Record<string, Exclude<Intent['type'], 'edit'>>> = {
  c: 'cancel',
  l: 'repaint',
  o: 'expand',
};

/** The meaning of a key over this input; `undefined` for none. */
export function intentOf(key: Key, input: InputState): Intent | undefined {
  if (key.type !== 'key') return edits({ type: 'insert', text: key.text });
  if (key.name === 'enter') return enter(key, input);
  if (key.name === 'escape') return { type: 'escape' };
  if (key.name === 'tab') return { type: key.shift ? 'next-mode' : 'complete' };
  if (key.ctrl && key.name === 'j') return newline;
  if (key.ctrl && key.name === 'd') {
    return input.text === '' ? { type: 'end' } : edits({ type: 'delete-right' });
  }
  if (key.ctrl && Object.hasOwn(commands, key.name)) return { type: commands[key.name]! };
  const table = key.ctrl ? control : key.alt ? alt : bare;
  const type = Object.hasOwn(table, key.name) ? table[key.name] : undefined;
  return type && edits({ type });
}

const newline: Intent = { type: 'edit', actions: [{ type: 'insert', text: '\n' }] };

function enter(key: Key & { type: 'key' }, input: InputState): Intent {
  if (key.shift || key.alt || key.ctrl) return newline;
  if (input.cursor > 0 && input.text[input.cursor - 1] === '\\') {
    return edits({ type: 'delete-left' }, { type: 'insert', text: '\n' });
  }
  return { type: 'send' };
}

function edits(...actions: readonly InputAction[]): Intent {
  return { type: 'edit', actions };
}

/** What a key answers to the question whether a call may run; only these keys do anything. */
export function approvalIntentOf(key: Key): 'once' | 'session' | 'no' | 'stop' | undefined {
  if (key.type === 'text') {
    return { y: 'once', Y: 'once', a: 'session', A: 'session', n: 'no', N: 'no' }[key.text] as
      | 'once'
      | 'session'
      | 'no'
      | undefined;
  }
  if (key.type !== 'key') return undefined;
  return key.name === 'escape' || (key.ctrl && key.name === 'c') ? 'stop' : undefined;
}
