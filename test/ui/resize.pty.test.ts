import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { long } from '../helpers/campaign.js';
import { atRest, chat } from '../helpers/chat-pty.js';
import type { Pty } from '../helpers/pty.js';

const lines = Array.from({ length: 20 }, (_, at) => `answer line ${at + 1}`);

/** The last frame is right: what was typed stands once, with the cursor behind it, and below it is the status line. */
async function settled(pty: Pty): Promise<void> {
  await pty.waitFor((screen) => {
    const drawn = screen.filter((line) => line !== '');
    return drawn.at(-2) === '❯ typed' && pty.cursor().column === 7 && screen[pty.cursor().row] === '❯ typed';
  });
}

/** Nothing is lost, and nothing was wiped to get there. */
function expectAll(pty: Pty): void {
  const rows = pty.history();
  for (const line of lines) expect(rows.filter((row) => row === line)).toHaveLength(1);
  expect(pty.bytes().toString()).not.toMatch(/\u001b\[[23]J|\u001bc/);
}

async function typing(): Promise<Pty> {
  const { pty } = await chat([{ text: lines.join('\n\n') }]);
  pty.write('go\r');
  await pty.waitFor(atRest('answer line 20'));
  pty.write('typed');
  await pty.waitFor('❯ typed');
  return pty;
}

/** Resizes the window, waits until it was drawn into, and gives it its size back. */
async function thereAndBack(pty: Pty, columns: number, rows: number): Promise<void> {
  for (const size of [[columns, rows] as const, [100, 30] as const]) {
    const before = pty.bytes().length;
    pty.resize(...size);
    await pty.waitFor(() => pty.bytes().length > before);
  }
  await settled(pty);
}

describe('U01 a window that is resized', () => {
  it.each([
    ['1000×1', 1_000, 1],
    ['20×1', 20, 1],
    ['40×3', 40, 3],
    ['0×0', 0, 0],
  ])(
    'to %s and back shows the last frame right, leaves nothing of others, and loses nothing',
    async (_, columns, rows) => {
      const pty = await typing();
      await thereAndBack(pty, columns, rows);
      expectAll(pty);
      expect(pty.history().filter((row) => row.startsWith('❯ typed'))).toHaveLength(1);
    },
  );

  // The terminal of these tests has two columns at least, and breaks its lines otherwise than others do.
  it.each([
    ['1×1', 1, 1],
    ['2×2', 2, 2],
    ['1×1000', 1, 1_000],
    ['20×1000', 20, 1_000],
  ])('to %s and back shows the last frame right, and goes on', async (_, columns, rows) => {
    const pty = await typing();
    await thereAndBack(pty, columns, rows);
    pty.write(' more');
    await pty.waitFor((screen) => screen[pty.cursor().row] === '❯ typed more');
  });

  it('and has its size back before anything was drawn is drawn anew: it may have cut the frame', async () => {
    const pty = await typing();
    pty.resize(30, 2);
    pty.resize(100, 30);
    await settled(pty);
    pty.write(' more');
    await pty.waitFor((screen) => screen.filter((row) => row !== '').at(-2) === '❯ typed more');
    expect(
      pty
        .screen()
        .filter((row) => row !== '')
        .at(-1),
    ).toContain('untrusted');
    expectAll(pty);
  });

  it('a thousand times, as fast as it can be, shows the last frame right, leaves nothing of others, and loses nothing', {
    timeout: 300_000,
  }, async () => {
    const pty = await typing();
    let state = 7;
    const random = (most: number) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state % most;
    };
    const begun = pty.bytes().length;
    for (let next = 0; next < (long ? 1_000 : 100); next += 1) {
      pty.resize(20 + random(140), 1 + random(60));
      if (next % 10 === 0) await nextTurn();
    }
    const before = pty.bytes().length;
    // On a slow machine the storm has pauses, and what is drawn in one may reach a window that has another size again.
    const inPauses = pty.bytes().subarray(begun).toString().split('❯ typed').length - 1;
    pty.resize(100, 30);
    await pty.waitFor(() => pty.bytes().length > before);
    await settled(pty);
    expectAll(pty);
    const frames = pty.history().filter((row) => row.startsWith('❯ typed'));
    expect(frames.length).toBeLessThanOrEqual(1 + inPauses);
  });
});
