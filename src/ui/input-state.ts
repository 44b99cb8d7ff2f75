import { boundaryAt, nextBoundary, previousBoundary } from './graphemes.js';

/** The line editor. `cursor` is a UTF-16 index that always stands between two visible characters. */
export interface InputState {
  readonly text: string;
  readonly cursor: number;
  /** What the last kill commands took, for Ctrl+Y. */
  readonly killed: string;
  readonly lastKill: 'forward' | 'backward' | undefined;
  /** Oldest first. */
  readonly history: readonly string[];
  /** Which entry of the history is shown; its length stands for the draft. */
  readonly historyIndex: number;
  /** What was being written when the user went into the history. */
  readonly draft: string;
}

export type InputAction =
  | { readonly type: 'insert'; readonly text: string }
  | { readonly type: 'set'; readonly text: string }
  | { readonly type: 'remember'; readonly text: string }
  | { readonly type: InputMove | InputEdit };

export type InputMove =
  | 'left'
  | 'right'
  | 'word-left'
  | 'word-right'
  | 'line-start'
  | 'line-end'
  | 'up'
  | 'down'
  | 'history-up'
  | 'history-down';
export type InputEdit =
  | 'delete-left'
  | 'delete-right'
  | 'kill-line-end'
  | 'kill-line-start'
  | 'kill-word-left'
  | 'kill-word-right'
  | 'yank'
  | 'clear';

const mostHistory = 1_000;

export function initialInput(history: readonly string[] = []): InputState {
  const kept = history.slice(-mostHistory);
  return {
    text: '',
    cursor: 0,
    killed: '',
    lastKill: undefined,
    history: kept,
    historyIndex: kept.length,
    draft: '',
  };
}

/** The editor after one action. Pure; an action that cannot do anything gives an equal state. */
export function reduceInput(state: InputState, action: InputAction): InputState {
  const { text, cursor } = state;
  switch (action.type) {
    case 'insert':
      return edit(state, cursor, cursor, action.text);
    case 'set':
      return moved({ ...state, text: action.text }, action.text.length);
    case 'remember':
      return remember(state, action.text);
    case 'clear':
      return moved({ ...state, text: '', historyIndex: state.history.length, draft: '' }, 0);
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
    case 'up':
      return lineStart(text, cursor) === 0 ? older(state) : moved(state, lineUp(text, cursor));
    case 'down':
      return lineEnd(text, cursor) === text.length ? newer(state) : moved(state, lineDown(text, cursor));
    case 'history-up':
      return older(state);
    case 'history-down':
      return newer(state);
    case 'delete-left':
      return edit(state, previousBoundary(text, cursor), cursor, '');
    case 'delete-right':
      return edit(state, cursor, nextBoundary(text, cursor), '');
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
      return edit(state, cursor, cursor, state.killed);
  }
}

function moved(state: InputState, cursor: number): InputState {
  return { ...state, cursor, lastKill: undefined };
}

/** Replaces a range. What is inserted may join with its neighbours, so the cursor is put on a real boundary. */
function edit(state: InputState, start: number, end: number, inserted: string): InputState {
  const text = state.text.slice(0, start) + inserted + state.text.slice(end);
  const target = start + inserted.length;
  const boundary = boundaryAt(text, target);
  return moved({ ...state, text }, boundary === target ? target : nextBoundary(text, boundary));
}

function kill(state: InputState, start: number, end: number, direction: 'forward' | 'backward'): InputState {
  if (start === end) return state;
  const taken = state.text.slice(start, end);
  const joined = direction === 'forward' ? state.killed + taken : taken + state.killed;
  const killed = state.lastKill === direction ? joined : taken;
  return { ...edit(state, start, end, ''), killed, lastKill: direction };
}

function remember(state: InputState, text: string): InputState {
  const last = state.history[state.history.length - 1];
  const history = text === '' || text === last ? state.history : [...state.history, text].slice(-mostHistory);
  return { ...state, history, historyIndex: history.length, draft: '' };
}

function older(state: InputState): InputState {
  if (state.historyIndex === 0) return state;
  const draft = state.historyIndex === state.history.length ? state.text : state.draft;
  return showHistory({ ...state, draft }, state.historyIndex - 1);
}

function newer(state: InputState): InputState {
  if (state.historyIndex >= state.history.length) return state;
  return showHistory(state, state.historyIndex + 1);
}

function showHistory(state: InputState, historyIndex: number): InputState {
  const text = state.history[historyIndex] ?? state.draft;
  return moved({ ...state, text, historyIndex }, text.length);
}

function lineStart(text: string, cursor: number): number {
  return cursor === 0 ? 0 : text.lastIndexOf('\n', cursor - 1) + 1;
}

function lineEnd(text: string, cursor: number): number {
  const end = text.indexOf('\n', cursor);
  return end < 0 ? text.length : end;
}

function lineUp(text: string, cursor: number): number {
  const start = lineStart(text, cursor);
  const above = lineStart(text, start - 1);
  return boundaryAt(text, Math.min(above + (cursor - start), start - 1));
}

function lineDown(text: string, cursor: number): number {
  const start = lineStart(text, cursor);
  const below = lineEnd(text, cursor) + 1;
  return boundaryAt(text, Math.min(below + (cursor - start), lineEnd(text, below)));
}

const wordCharacter = /[\p{L}\p{N}\p{M}_]/u;

function wordLeft(text: string, cursor: number): number {
  let index = cursor;
  while (index > 0 && !isWord(text, previousBoundary(text, index))) index = previousBoundary(text, index);
  while (index > 0 && isWord(text, previousBoundary(text, index))) index = previousBoundary(text, index);
  return index;
}

function wordRight(text: string, cursor: number): number {
  let index = cursor;
  while (index < text.length && !isWord(text, index)) index = nextBoundary(text, index);
  while (index < text.length && isWord(text, index)) index = nextBoundary(text, index);
  return index;
}

function isWord(text: string, index: number): boolean {
  return wordCharacter.test(String.fromCodePoint(text.codePointAt(index) ?? 0x20));
}
