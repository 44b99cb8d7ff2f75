import type { InputState } from '../input-state.js';
import { moved } from './edit.js';

const mostHistory = 1_000;

/** The newest of earlier messages, as many as are kept. */
export function keptHistory(history: readonly string[]): readonly string[] {
  return history.slice(-mostHistory);
}

/** A message was sent: it joins the history, and the input is as new. */
export function remember(state: InputState, text: string): InputState {
  const known = text === '' || text === state.history.at(-1);
  const history = known ? state.history : keptHistory([...state.history, text]);
  const empty = moved({ ...state, text: '', history, historyIndex: history.length, draft: '' }, 0);
  return { ...empty, undo: [], redo: [] };
}

/** Older messages in front of the history, as many as are kept. */
export function prepend(state: InputState, texts: readonly string[]): InputState {
  const history = keptHistory([...texts, ...state.history]);
  const historyIndex = state.historyIndex + history.length - state.history.length;
  return { ...state, history, historyIndex };
}

export function older(state: InputState): InputState {
  return showHistory(state, Math.max(0, state.historyIndex - 1));
}

export function newer(state: InputState): InputState {
  return showHistory(state, Math.min(state.history.length, state.historyIndex + 1));
}

/** The entry at this place of the history; its length stands for the draft. */
export function showHistory(state: InputState, historyIndex: number): InputState {
  return historyIndex === state.historyIndex ? state : showEntry(state, historyIndex);
}

/** The same, also in place of what somebody made of that entry. */
export function showEntry(state: InputState, historyIndex: number): InputState {
  const draft = state.historyIndex === state.history.length ? state.text : state.draft;
  const text = state.history[historyIndex] ?? draft;
  return moved({ ...state, draft, text, historyIndex }, text.length);
}
