import { nextBoundary, previousBoundary } from './graphemes.js';
import { changeCase } from './input/change-case.js';
import { edit, moved } from './input/edit.js';
import { keptHistory, newer, older, prepend, remember, showEntry, showHistory } from './input/history.js';
import { kill, yank, yankOlder } from './input/kill-ring.js';
import { collapsed, expanded, foreign, type Paste, takePaste } from './input/pastes.js';
import { placeAbove, placeBelow, rowsAround } from './input/rows-around.js';
import { lineEnd, lineStart, wordLeft, wordRight } from './input/text-places.js';
import { transpose } from './input/transpose.js';
import { recorded, redo, type Snapshot, undo } from './input/undo.js';

/**
 * The line editor. `cursor` is a UTF-16 index that always stands between two visible characters. Lines end with `\n`
 * alone: `\r\n` is one character, in which the end of a line would be a place for the cursor.
 */
export interface InputState {
  /** With a placeholder for each large paste; `textOf` has what to send. */
  readonly text: string;
  readonly cursor: number;
  /** The large pastes, in the places that their placeholders name. */
  readonly pastes: readonly Paste[];
  /** What kill commands took, newest last. */
  readonly killed: readonly string[];
  /** What the last action was, where the next one may go on with it. */
  readonly last: LastAction | undefined;
  /** What the input was before each edit, newest last. */
  readonly undo: readonly Snapshot[];
  readonly redo: readonly Snapshot[];
  /** Oldest first. */
  readonly history: readonly string[];
  /** Which entry of the history is shown; its length stands for the draft. */
  readonly historyIndex: number;
  /** What was being written when the user went into the history. */
  readonly draft: string;
}

export type LastAction =
  | { readonly kind: 'kill'; readonly direction: 'forward' | 'backward' }
  /** Which kill was put where. */
  | { readonly kind: 'yank'; readonly start: number; readonly end: number; readonly place: number }
  /** The column of cells that moving up and down keeps to. */
  | { readonly kind: 'vertical'; readonly column: number }
  | { readonly kind: 'typing' | 'deleting' };

export type InputAction =
  | { readonly type: 'insert' | 'paste' | 'set'; readonly text: string }
  /** What an external editor made of the text. */
  | { readonly type: 'edited'; readonly text: string }
  /** `recall`: messages that were not sent after all, back before what is written now. */
  | { readonly type: 'recall' | 'prepend-history'; readonly texts: readonly string[] }
  /** `start`, `end`: the UTF-16 indices of what goes. */
  | { readonly type: 'replace'; readonly start: number; readonly end: number; readonly text: string }
  | { readonly type: 'remember'; readonly text: string }
  | { readonly type: 'show-history'; readonly index: number }
  /** `columns`: the cells that a row of the input has. */
  | { readonly type: 'up' | 'down'; readonly columns: number }
  | { readonly type: InputMove | InputEdit };

export type InputMove =
  | 'left'
  | 'right'
  | 'word-left'
  | 'word-right'
  | 'line-start'
  | 'line-end'
  | 'text-start'
  | 'text-end'
  | 'history-up'
  | 'history-down';
export type InputEdit =
  | 'delete-left'
  | 'delete-right'
  | 'transpose'
  | 'word-in-capitals'
  | 'word-in-small'
  | 'word-capitalized'
  | 'kill-line-end'
  | 'kill-line-start'
  | 'kill-word-left'
  | 'kill-word-right'
  | 'yank'
  | 'yank-older'
  | 'undo'
  | 'redo'
  | 'clear';

export function initialInput(history: readonly string[] = []): InputState {
  const kept = keptHistory(history).map(plain);
  return {
    text: '',
    cursor: 0,
    pastes: [],
    killed: [],
    last: undefined,
    undo: [],
    redo: [],
    history: kept,
    historyIndex: kept.length,
    draft: '',
  };
}

/** What the user wrote, with every paste in its place. */
export function textOf({ text, pastes }: Pick<InputState, 'text' | 'pastes'>): string {
  return expanded(text, pastes);
}

/** The editor after one action. Pure; an action that cannot do anything gives an equal state. */
export function reduceInput(state: InputState, action: InputAction): InputState {
  const after = acted(state, action);
  const { type } = action;
  return type === 'undo' || type === 'redo' || type === 'remember'
    ? after
    : recorded(state, after, stepOf(action));
}

/** What several actions in a row are one step of undoing. A new word is a new step. */
function stepOf(action: InputAction): 'typing' | 'deleting' | undefined {
  if (action.type === 'insert') return /^\s/.test(action.text) ? undefined : 'typing';
  return action.type === 'delete-left' || action.type === 'delete-right' ? 'deleting' : undefined;
}

function acted(state: InputState, action: InputAction): InputState {
  const { text, cursor } = state;
  switch (action.type) {
    case 'insert':
      return edit(state, cursor, cursor, plain(action.text));
    case 'replace':
      return edit(state, action.start, action.end, plain(action.text));
    case 'paste': {
      const { inserted, state: kept } = takePaste(state, plain(action.text));
      return edit(kept, cursor, cursor, inserted);
    }
    case 'set':
      return written(state, remembered(state, action.text));
    case 'edited':
      return written(state, collapsed(plain(action.text), state));
    case 'recall': {
      const parts = [...action.texts.map((one) => remembered(state, one)), text];
      return written(state, parts.filter((part) => part !== '').join('\n'));
    }
    case 'clear':
      return { ...written(state, ''), historyIndex: state.history.length, draft: '' };
    case 'prepend-history':
      return prepend(state, action.texts.map(plain));
    case 'show-history':
      return showEntry(state, action.index);
    case 'up':
    case 'down':
      return vertical(state, action);
    case 'left':
      return moved(state, previousBoundary(text, cursor));
    case 'right':
      return moved(state, nextBoundary(text, cursor));
    case 'word-left':
      return moved(state, wordLeft(text, cursor));
    case 'word-right':
      return moved(state, wordRight(text, cursor));
    case 'line-start':
      return moved(state, lineStart(text, cursor));
    case 'line-end':
      return moved(state, lineEnd(text, cursor));
    case 'text-start':
      return cursor > 0 ? moved(state, 0) : showHistory(state, 0);
    case 'text-end':
      return cursor < text.length ? moved(state, text.length) : showHistory(state, state.history.length);
    case 'history-up':
      return older(state);
    case 'history-down':
      return newer(state);
    case 'delete-left':
      return edit(state, previousBoundary(text, cursor), cursor, '');
    case 'delete-right':
      return edit(state, cursor, nextBoundary(text, cursor), '');
    case 'transpose':
      return transpose(state);
    case 'word-in-capitals':
      return changeCase(state, 'capitals');
    case 'word-in-small':
      return changeCase(state, 'small');
    case 'word-capitalized':
      return changeCase(state, 'capitalized');
    case 'kill-line-end': {
      const end = lineEnd(text, cursor);
      return kill(state, cursor, end === cursor ? nextBoundary(text, cursor) : end, 'forward');
    }
    case 'kill-line-start': {
      const start = lineStart(text, cursor);
      return kill(state, start === cursor ? previousBoundary(text, cursor) : start, cursor, 'backward');
    }
    case 'kill-word-left':
      return kill(state, wordLeft(text, cursor), cursor, 'backward');
    case 'kill-word-right':
      return kill(state, cursor, wordRight(text, cursor), 'forward');
    case 'yank':
      return yank(state);
    case 'yank-older':
      return yankOlder(state);
    case 'undo':
      return undo(state);
    case 'redo':
      return redo(state);
    case 'remember':
      return remember(state, withPlainLineEnds(action.text));
  }
}

/** To the next row as it is shown; from the first and the last one into the history. */
function vertical(
  state: InputState,
  { type, columns }: { type: 'up' | 'down'; columns: number },
): InputState {
  const { last } = state;
  const column = last?.kind === 'vertical' ? last.column : rowsAround(state, columns).column;
  const place = type === 'up' ? placeAbove(state, columns, column) : placeBelow(state, columns, column);
  if (place === undefined) return type === 'up' ? older(state) : newer(state);
  return { ...moved(state, place), last: { kind: 'vertical', column } };
}

function written(state: InputState, text: string): InputState {
  return moved({ ...state, text }, text.length);
}

/** A message as it was written, where it was: with placeholders for its large pastes. */
function remembered({ history, pastes }: InputState, message: string): string {
  const text = plain(message);
  if (pastes.length === 0) return text;
  // A command and a message may differ in nothing but the space before.
  const isSame = (entry: string) =>
    entry.startsWith('!') === text.startsWith('!') && expanded(entry, pastes).trim() === text.trim();
  return history.findLast(isSame) ?? text;
}

function plain(text: string): string {
  return foreign(withPlainLineEnds(text));
}

function withPlainLineEnds(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}
