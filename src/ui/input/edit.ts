import type { InputState } from '../input-state.js';
import { boundaryFrom } from './text-places.js';

/** The cursor elsewhere; whatever was going on has ended. */
export function moved(state: InputState, cursor: number): InputState {
  return { ...state, cursor, last: undefined };
}

/** Replaces a range. What is inserted may join with its neighbours, so the cursor is put on a real boundary. */
export function edit(state: InputState, start: number, end: number, inserted: string): InputState {
  const text = state.text.slice(0, start) + inserted + state.text.slice(end);
  return moved({ ...state, text }, boundaryFrom(text, start + inserted.length));
}
