import { nextBoundary, previousBoundary } from '../graphemes.js';
import type { InputState } from '../input-state.js';
import { edit } from './edit.js';
import { lineEnd, lineStart } from './text-places.js';

/** Swaps the characters before and at the cursor and goes on behind them; at the end of a line the two before it. */
export function transpose(state: InputState): InputState {
  const { text, cursor } = state;
  const right = cursor === lineEnd(text, cursor) ? cursor : nextBoundary(text, cursor);
  const middle = previousBoundary(text, right);
  if (middle <= lineStart(text, cursor)) return state;
  const left = previousBoundary(text, middle);
  return edit(state, left, right, text.slice(middle, right) + text.slice(left, middle));
}
