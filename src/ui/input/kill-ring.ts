import type { InputState } from '../input-state.js';
import { edit } from './edit.js';

/** Older kills than this are gone. */
const mostKills = 10;

/** Takes a range out and keeps it; kills in a row, in one direction, are kept as one. */
export function kill(
  state: InputState,
  start: number,
  end: number,
  direction: 'forward' | 'backward',
): InputState {
  if (start === end) return state;
  const taken = state.text.slice(start, end);
  const { killed, last } = state;
  const goesOn = last?.kind === 'kill' && last.direction === direction;
  const newest = killed.at(-1) ?? '';
  const joined = direction === 'forward' ? newest + taken : taken + newest;
  const ring = goesOn ? [...killed.slice(0, -1), joined] : [...killed, taken].slice(-mostKills);
  return { ...edit(state, start, end, ''), killed: ring, last: { kind: 'kill', direction } };
}

/** Puts in what was killed last. */
export function yank(state: InputState): InputState {
  return yankFrom(state, state.cursor, state.cursor, state.killed.length - 1);
}

/** Directly after a yank: puts in what was killed before that instead, round the ring. */
export function yankOlder(state: InputState): InputState {
  const { last, killed } = state;
  if (last?.kind !== 'yank') return state;
  return yankFrom(state, last.start, last.end, (last.place + killed.length - 1) % killed.length);
}

function yankFrom(state: InputState, start: number, end: number, place: number): InputState {
  const text = state.killed[place];
  if (text === undefined) return state;
  const yanked = edit(state, start, end, text);
  return { ...yanked, last: { kind: 'yank', start, end: start + text.length, place } };
}
