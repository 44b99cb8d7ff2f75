import type { InputAction, InputState } from './input-state.js';
import { keyNames } from './key-names.js';
import { type Binding, type KeyCommand, keyTable } from './key-table.js';
import type { Key } from './keys.js';

/** What a key means to the REPL. */
export type Intent =
  | { readonly type: 'edit'; readonly actions: readonly InputAction[] }
  | { readonly type: KeyCommand };

/** What the meaning of a key depends on. */
export interface Typing {
  readonly input: InputState;
  /** Cells that a row of the input has. */
  readonly columns: number;
  /** A message waits for the turn to end. */
  readonly queued: boolean;
}

/** The meaning of a key; `undefined` for none. */
export function intentOf(key: Key, typing: Typing): Intent | undefined {
  const names = key.type === 'key' ? keyNames(key) : isCharacter(key) ? [key.text] : [];
  const binding = names.map((name) => bound(name, typing)).find((one) => one !== undefined);
  if (binding) return meaning(binding, typing);
  return key.type === 'key' ? undefined : typed(key);
}

/** What was typed or pasted, as text and nothing else. */
export function typed(key: Exclude<Key, { readonly type: 'key' }>): Intent {
  return edits({ type: key.type === 'paste' ? 'paste' : 'insert', text: key.text });
}

/** Longer text would be taken for the name of a key. */
function isCharacter(key: Key): boolean {
  return key.type === 'text' && key.text.length === 1;
}

/** The bindings of each key, in the order of the table. */
const byKey: ReadonlyMap<string, readonly Binding[]> = keyTable.reduce((map, binding) => {
  for (const key of [...binding.keys, ...(binding.also ?? [])]) {
    map.set(key, [...(map.get(key) ?? []), binding]);
  }
  return map;
}, new Map<string, readonly Binding[]>());

function bound(name: string, { input, queued }: Typing): Binding | undefined {
  const empty = input.text === '';
  return byKey.get(name)?.find(({ when }) => !when || (empty && (when === 'empty' || queued)));
}

function meaning({ does }: Binding, { input, columns }: Typing): Intent {
  switch (does) {
    case 'send':
      return input.text[input.cursor - 1] === '\\'
        ? edits({ type: 'delete-left' }, { type: 'insert', text: '\n' })
        : { type: does };
    case 'newline':
      return edits({ type: 'insert', text: '\n' });
    case 'up':
    case 'down':
      return edits({ type: does, columns });
    case 'complete':
    case 'escape':
    case 'cancel':
    case 'end':
    case 'take-queued':
    case 'search':
    case 'edit-outside':
    case 'suspend':
    case 'next-mode':
    case 'expand':
    case 'shortcuts':
    case 'repaint':
      return { type: does };
    default:
      return edits({ type: does });
  }
}

function edits(...actions: readonly InputAction[]): Intent {
  return { type: 'edit', actions };
}
