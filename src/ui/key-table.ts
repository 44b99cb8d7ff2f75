import type { InputEdit, InputMove } from './input-state.js';

/** What a key does to something else than the text. */
export type KeyCommand =
  | 'send'
  | 'complete'
  | 'escape'
  | 'cancel'
  | 'end'
  | 'take-queued'
  | 'search'
  | 'edit-outside'
  | 'suspend'
  | 'next-mode'
  | 'expand'
  | 'shortcuts'
  | 'repaint';

export interface Binding {
  /** As `keyName` writes them; two with a space between are pressed one after the other. */
  readonly keys: readonly string[];
  /** Other names that terminals have for the same, too many to show. */
  readonly also?: readonly string[];
  readonly does: KeyCommand | InputMove | InputEdit | 'up' | 'down' | 'newline';
  /** The key does this on an empty input alone, or there alone while a message is queued. */
  readonly when?: 'empty' | 'queued';
  /** For `?`, /help and the README; neighbours that say the same are one row there. */
  readonly says: string;
}

/** Every key of the input: what it does and what is said of it. The first that fits holds. */
export const keyTable: readonly Binding[] = [
  { keys: ['enter'], does: 'send', says: 'send; while a turn runs the message waits for its end' },
  {
    keys: ['S-enter', 'M-enter', 'C-j'],
    also: ['C-enter'],
    does: 'newline',
    says: 'new line, as \\ and then Enter makes one',
  },
  { keys: ['escape'], does: 'escape', says: 'stop the turn; twice: clear the input, or /rewind' },
  { keys: ['C-c'], does: 'cancel', says: 'clear the input or stop the turn; twice: quit' },
  { keys: ['C-d'], does: 'end', when: 'empty', says: 'quit, when the input is empty' },
  {
    keys: ['S-tab'],
    does: 'next-mode',
    says: 'next permission mode; a plan that was not approved is shown first',
  },
  {
    keys: ['tab'],
    does: 'complete',
    says: 'show what the word at the cursor may become; take what is marked there',
  },
  { keys: ['?'], does: 'shortcuts', when: 'empty', says: 'these keys, when the input is empty' },
  {
    keys: ['C-o'],
    does: 'expand',
    says: 'show the last tool output in full, or the end of what runs; /expand N any of the last',
  },
  { keys: ['C-z'], does: 'suspend', says: 'suspend; fg in the shell goes on' },
  { keys: ['C-l'], does: 'repaint', says: 'draw the screen again' },
  { keys: ['C-r'], does: 'search', says: 'search earlier messages' },
  { keys: ['C-g', 'C-x C-e'], does: 'edit-outside', says: 'write in the editor that VISUAL or EDITOR names' },
  {
    keys: ['up'],
    also: ['C-p'],
    does: 'take-queued',
    when: 'queued',
    says: 'take the last queued message back, when the input is empty',
  },
  { keys: ['up'], does: 'up', says: 'the row above or below; from the first or last one to other messages' },
  {
    keys: ['down'],
    does: 'down',
    says: 'the row above or below; from the first or last one to other messages',
  },
  { keys: ['C-p'], does: 'history-up', says: 'an earlier or later message' },
  { keys: ['C-n'], does: 'history-down', says: 'an earlier or later message' },
  { keys: ['left', 'C-b'], does: 'left', says: 'a character to the left or right' },
  { keys: ['right', 'C-f'], does: 'right', says: 'a character to the left or right' },
  { keys: ['M-b', 'C-left'], also: ['M-left'], does: 'word-left', says: 'a word to the left or right' },
  { keys: ['M-f', 'C-right'], also: ['M-right'], does: 'word-right', says: 'a word to the left or right' },
  { keys: ['C-a', 'home'], does: 'line-start', says: 'start or end of the line' },
  { keys: ['C-e', 'end'], does: 'line-end', says: 'start or end of the line' },
  {
    keys: ['M-<'],
    also: ['M-S-,', 'C-home'],
    does: 'text-start',
    says: 'start or end of the input; then the oldest message, or what you were writing',
  },
  {
    keys: ['M->'],
    also: ['M-S-.', 'C-end'],
    does: 'text-end',
    says: 'start or end of the input; then the oldest message, or what you were writing',
  },
  { keys: ['backspace', 'C-h'], does: 'delete-left', says: 'delete the character before the cursor' },
  { keys: ['delete', 'C-d'], does: 'delete-right', says: 'delete the character at the cursor' },
  {
    keys: ['C-w', 'M-backspace'],
    also: ['C-backspace'],
    does: 'kill-word-left',
    says: 'cut the word before or behind the cursor',
  },
  {
    keys: ['M-d'],
    also: ['M-delete', 'C-delete'],
    does: 'kill-word-right',
    says: 'cut the word before or behind the cursor',
  },
  { keys: ['C-u'], does: 'kill-line-start', says: 'cut the line before or behind the cursor' },
  { keys: ['C-k'], does: 'kill-line-end', says: 'cut the line before or behind the cursor' },
  { keys: ['C-y'], does: 'yank', says: 'put back what was cut; then what was cut before that' },
  { keys: ['M-y'], does: 'yank-older', says: 'put back what was cut; then what was cut before that' },
  { keys: ['C-t'], does: 'transpose', says: 'swap the two characters at the cursor' },
  { keys: ['M-u'], does: 'word-in-capitals', says: 'the word in capitals, small, or with one capital' },
  { keys: ['M-l'], does: 'word-in-small', says: 'the word in capitals, small, or with one capital' },
  { keys: ['M-c'], does: 'word-capitalized', says: 'the word in capitals, small, or with one capital' },
  {
    keys: ['C-_'],
    also: ['C-/', 'C-S--', 'C-x C-u'],
    does: 'undo',
    says: 'undo an edit of the input; do it again',
  },
  { keys: ['M-/'], also: ['M-S--'], does: 'redo', says: 'undo an edit of the input; do it again' },
];
