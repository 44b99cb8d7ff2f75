import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cells } from '../../src/ui/break-rows.js';
import { frameBudget } from '../../src/ui/frame.js';
import { graphemes } from '../../src/ui/graphemes.js';
import { textOf } from '../../src/ui/input-state.js';
import { long } from '../helpers/campaign.js';
import { startPty } from '../helpers/pty.js';
import { bundleProgram, type PtyProgram } from '../helpers/pty-program.js';
import { createKeyboard } from './programs/keyboard.js';

const esc = '\u001b';

/** Every control key, what terminals send for the others, and text of all kinds. */
const controls = Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code));
const sequences = [
  '[A',
  '[B',
  '[C',
  '[D',
  '[H',
  '[F',
  '[3~',
  '[Z',
  '[1;5C',
  '[1;5D',
  '[1;2A',
  '[13;2u',
  'OA',
];
const altKeys = [...'bdfyulc/<>_'].map((letter) => esc + letter);
const texts = [
  'a',
  'word ',
  '?',
  '/mode',
  '@',
  '!',
  '\\',
  '漢字',
  'שלום',
  'e\u0301',
  '👩‍👩‍👧‍👦',
  '🇩🇪',
  '\u0301',
  '½',
  '\t',
  '\u009b',
  '\u00ad',
];
const pastes = ['small', 'two\r\nlines', 'x\n'.repeat(30), `a${esc}[31mb\u0000`, ''].map(
  (text) => `${esc}[200~${text}${esc}[201~`,
);
/** Beginnings, foreign replies and what nobody sends. */
const odd = [
  esc,
  `${esc}[`,
  `${esc}[200~`,
  `${esc}[201~`,
  `${esc}]0;title\u0007`,
  `${esc}[?1;2c`,
  `${esc}[99;99;99~`,
  '\ufffd',
];
const keys = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...controls.filter((key) => key !== esc)) },
  { weight: 4, arbitrary: fc.constantFrom(...sequences.map((sequence) => esc + sequence), ...altKeys) },
  { weight: 6, arbitrary: fc.constantFrom(...texts) },
  { weight: 2, arbitrary: fc.constantFrom(...pastes) },
  { weight: 1, arbitrary: fc.constantFrom(...odd) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
);

it('U07 U08 any keys leave a text without control characters, a cursor between characters, and rows that fit', () => {
  const columns = fc.integer({ min: 1, max: 90 });
  fc.assert(
    fc.property(
      fc.array(keys, { maxLength: 60 }),
      columns,
      fc.integer({ min: 1, max: 30 }),
      (typed, width, height) => {
        const keyboard = createKeyboard({
          history: ['earlier', 'two\nlines', '漢字 🇩🇪'],
          act: async () => {},
          columns: width,
          rows: height,
        });
        for (const key of typed) {
          keyboard.type(key);
          const { input, search } = keyboard.screen;
          expect(textOf(input)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|\p{Surrogate}/u);
          let boundary = 0;
          for (const character of graphemes(input.text)) {
            if (boundary >= input.cursor) break;
            boundary += character.length;
          }
          expect(boundary).toBe(input.cursor);
          if (search?.found !== undefined) expect(input.history[search.found]).toBeDefined();
          const rows = keyboard.rows();
          expect(rows.length).toBeLessThanOrEqual(frameBudget(height));
          if (width > 4) for (const row of rows) expect(cells(row)).toBeLessThanOrEqual(width);
        }
      },
    ),
    { numRuns: long ? 20_000 : 300 },
  );
}, 600_000);

let program: PtyProgram;
beforeAll(async () => {
  program = await bundleProgram(new URL('programs/scripted-repl.ts', import.meta.url).pathname);
});
afterAll(() => program.remove());

/** Without those that lend the terminal: what is typed then, Ctrl+C and Ctrl+S too, is somebody else's. */
const ours = keys.filter((key) => !/[\u0007\u0018\u001a]/.test(key));

it('U07 any keys at the real program crash nothing and leave no raw terminal behind', async () => {
  // What it left behind is told by the code, 99 for a terminal that is not as it was: keys that come after it has left are echoed,
  // and an echo may stand in the middle of whatever is printed. They must not end the `stty` that looks, either.
  const script =
    'trap : INT QUIT; stty -ixon; before=$(stty -g); "$@"; code=$?; trap "" INT QUIT; [ "$before" = "$(stty -g)" ] || exit 99; exit "$code"';
  await fc.assert(
    fc.asyncProperty(fc.noShrink(fc.array(ours, { minLength: 40, maxLength: 120 })), async (typed) => {
      const pty = startPty({
        command: 'sh',
        args: ['-c', script, 'sh', process.execPath, program.file],
      });
      let code: number | undefined;
      const ended = pty.exit.then((exitCode) => {
        code = exitCode;
      });
      try {
        await pty.waitFor('❯');
        for (let at = 0; at < typed.length; at += 10) {
          pty.write(typed.slice(at, at + 10).join(''));
          await sleep(70);
        }
        // Out of whatever it is in: the end of a paste, and Ctrl+C until it leaves.
        for (let tries = 0; tries < 240 && code === undefined; tries += 1) {
          pty.write(`${esc}[201~\u0003`);
          await Promise.race([ended, sleep(100)]);
        }
        // Keys that come after it has left are the shell's business.
        await Promise.race([ended, sleep(20_000, undefined, { ref: false })]);
        const shown = [0, 130, 131].includes(code ?? -1) ? '' : pty.screen().join('\n').trimEnd();
        expect({ code, shown }).toEqual({ code: expect.toBeOneOf([0, 130, 131]), shown: '' });
      } finally {
        pty.kill();
        await pty.exit;
      }
    }),
    { numRuns: long ? 200 : 3 },
  );
}, 1_800_000);
