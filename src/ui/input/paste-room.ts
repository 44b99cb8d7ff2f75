import type { InputState } from '../input-state.js';
import { mostPastes, type Paste, placeholder } from './pastes.js';

/** Characters that all large pastes take, those of sent messages in the history included. */
const mostKept = 8_000_000;

/** Stands in the place of a paste that is kept no longer. */
export const forgotten: Paste = { number: 0, text: '', label: '' };

/**
 * Forgets the oldest large pastes until one of so many characters has room. Only what is left in the history alone may go:
 * it says there that it is kept no longer, so that nothing else is ever sent in its place.
 */
export function withRoom(state: InputState, characters: number): InputState {
  let size = characters + state.pastes.reduce((sum, { text }) => sum + text.length, 0);
  const isFull = !state.pastes.includes(forgotten) && state.pastes.length >= mostPastes;
  if (size <= mostKept && !isFull) return state;
  const inUse = [
    state.text,
    state.draft,
    ...state.killed,
    ...[...state.undo, ...state.redo].map(({ text }) => text),
  ].join('');
  const pastes = [...state.pastes];
  const gone = new Map<string, string>();
  for (const { paste, place } of oldestFirst(pastes)) {
    if (size <= mostKept && (!isFull || gone.size > 0)) break;
    const mark = placeholder(place);
    if (inUse.includes(mark)) continue;
    size -= paste.text.length;
    gone.set(mark, paste.label.replace(/\]$/, ', kept no longer]'));
    pastes[place] = forgotten;
  }
  if (gone.size === 0) return state;
  const history = state.history.map((entry) =>
    entry.replace(/\p{Surrogate}/gu, (mark) => gone.get(mark) ?? mark),
  );
  return { ...state, pastes, history };
}

function oldestFirst(pastes: readonly Paste[]): { readonly paste: Paste; readonly place: number }[] {
  return pastes
    .map((paste, place) => ({ paste, place }))
    .filter(({ paste }) => paste !== forgotten)
    .sort((a, b) => a.paste.number - b.paste.number);
}
