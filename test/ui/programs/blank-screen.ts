import { initialState } from '../../../src/state.js';
import { initialInput } from '../../../src/ui/input-state.js';
import type { Screen } from '../../../src/ui/screen.js';

/** A screen on which nothing has happened yet. */
export const blankScreen: Screen = {
  state: initialState(),
  input: initialInput(),
  columns: 80,
  rows: 24,
  now: 0,
  approval: undefined,
  queued: [],
  hint: '',
  print: { number: 0, blocks: [] },
};
