import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { initialState } from '../../src/state.js';
import { createEditOutside } from '../../src/ui/edit-outside.js';
import { createHandOver } from '../../src/ui/hand-over.js';
import { initialInput, reduceInput } from '../../src/ui/input-state.js';
import { createScreenStore } from '../../src/ui/screen-store.js';
import { temporaryDirectory } from '../helpers/run-victor.js';

it('takes into the editor what was typed until it came', async () => {
  const folder = temporaryDirectory();
  const program = join(folder, 'editor.sh');
  writeFileSync(program, 'printf "%s, edited" "$(cat "$1")" > "$1.new"; mv "$1.new" "$1"');
  const blank = { queued: [], hint: '', print: { number: 0, blocks: [] }, approval: undefined };
  const size = { columns: 80, rows: 24, now: 0 };
  const initial = { ...blank, ...size, state: initialState(), input: initialInput() };
  const store = createScreenStore({ initial, paint: () => {} });
  const released = { release: () => () => {} };
  const handOver = createHandOver({ terminal: released, ink: released, store });
  const environment = { PATH: process.env.PATH, EDITOR: `sh ${program}` };
  const editOutside = createEditOutside({ handOver, store, environment, cwd: folder });
  const type = (text: string) =>
    store.update({ input: reduceInput(store.screen.input, { type: 'insert', text }) }, 'now');

  type('before');
  const edited = editOutside();
  type(' and after');
  await edited;
  expect(store.screen.input.text).toBe('before and after, edited');
});
