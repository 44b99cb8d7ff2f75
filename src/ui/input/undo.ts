import type { InputState } from '../input-state.js';
import { moved } from './edit.js';

/** What the input was before an edit. */
export interface Snapshot {
  readonly text: string;
  readonly cursor: number;
}

const mostSteps = 100;
/** Of a text that somebody made huge fewer steps are kept. */
const mostCharacters = 4_000_000;

/**
 * The state after an edit, with the way back to the one before. Letters of one word, and characters deleted in a row, are
 * one step: `how` says which of these the edit was.
 */
export function recorded(before: InputState, after: InputState, how?: 'typing' | 'deleting'): InputState {
  if (after.text === before.text) return after;
  const goesOn = how !== undefined && before.last?.kind === how;
  const undo = goesOn ? before.undo : kept([...before.undo, snapshot(before)]);
  return { ...after, undo, redo: [], last: how === undefined ? after.last : { kind: how } };
}

export function undo(state: InputState): InputState {
  const step = state.undo.at(-1);
  if (!step) return state;
  return show({ ...state, undo: state.undo.slice(0, -1), redo: [...state.redo, snapshot(state)] }, step);
}

export function redo(state: InputState): InputState {
  const step = state.redo.at(-1);
  if (!step) return state;
  return show({ ...state, redo: state.redo.slice(0, -1), undo: [...state.undo, snapshot(state)] }, step);
}

function kept(steps: readonly Snapshot[]): readonly Snapshot[] {
  let characters = 0;
  const dropped = steps.findLastIndex(({ text }) => {
    characters += text.length;
    return characters > mostCharacters;
  });
  return steps.slice(Math.max(dropped + 1, steps.length - mostSteps));
}

function snapshot({ text, cursor }: InputState): Snapshot {
  return { text, cursor };
}

function show(state: InputState, { text, cursor }: Snapshot): InputState {
  return moved({ ...state, text }, cursor);
}
