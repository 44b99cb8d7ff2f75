import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { answerRow, writingRow } from '../../../src/ui/approval-keys.js';
import { frameBudget, layoutFrame } from '../../../src/ui/frame.js';
import { withAsciiMarks } from '../../../src/ui/glyphs.js';
import { type Drawn, draw } from './draw.js';
import { type Look, looks } from './looks.js';
import { now, type Size } from './stage.js';

const usual: readonly Size[] = [
  { columns: 80, rows: 24 },
  { columns: 40, rows: 15 },
];
const styles = /\u001b\[[0-9;]*m/;
const wipes = /\u001b\[[23]J/;

beforeAll(() => {
  vi.stubEnv('TZ', 'UTC');
  vi.useFakeTimers({ toFake: ['Date'], now });
});
afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** What holds of every frame, whatever it shows. */
function expectSound({ screen, bytes, rows, broken, cursor }: Drawn): void {
  expect(broken, 'rows past the width').toEqual([]);
  expect(bytes).not.toMatch(wipes);
  const frame = layoutFrame(screen);
  const { widths } = frame.cursor;
  expect(widths().length, 'rows of the dynamic area').toBeLessThanOrEqual(frameBudget(screen.rows));
  const { approval } = screen;
  if (approval) {
    const { kind, entry } = approval;
    const keys = entry ? writingRow(kind, screen.columns) : answerRow(kind, screen.columns, approval);
    expect(rows, 'the keys of a question').toContain(asAscii(keys, screen));
  }
  expect(cursor.visible, 'a cursor where there is an input, and only there').toBe(frame.input !== undefined);
  if (!frame.input) return;
  const row = frame.input.rows[frame.input.cursorRow] ?? '';
  expect(rows[cursor.row]?.slice(2), 'the cursor in the input').toBe(row.trimEnd());
  expect(cursor.column).toBe(frame.cursor.column);
}

function asAscii(text: string, { appearance }: Drawn['screen']): string {
  return appearance?.ascii ? withAsciiMarks(text) : text;
}

/** Whether a text was on the screen or in the scrollback, however its lines were broken. */
function isReachable(text: string, history: readonly string[]): boolean {
  const squeezed = history.map((row) => row.replace(/^[│\s]*(↪ )?/, '')).join('');
  return squeezed.replace(/\s/g, '').includes(text.replace(/\s/g, ''));
}

function snapshot(drawings: readonly { size: Size; colour: boolean; drawn: Drawn }[]): string {
  return drawings
    .map(({ size: { columns, rows: height }, colour, drawn: { rows, styled, cursor } }) => {
      const where = cursor.visible
        ? `cursor in row ${cursor.row + 1}, column ${cursor.column + 1}`
        : 'no cursor';
      const lines = (colour ? styled : rows).join('\n').trimEnd().split('\n');
      const head = `== ${columns}×${height}${colour ? ' in colour' : ''}, ${where}`;
      return [head, ...lines.map((line) => `|${line}`)].join('\n');
    })
    .join('\n')
    .concat('\n');
}

describe('what a user sees', () => {
  it.each(looks.map((look) => [look.name, look] as const))('%s', async (name, look: Look) => {
    const { scene, sizes = usual, reaches = [], sees = [], ascii = false } = look;
    const drawings = [];
    for (const colour of [false, true]) {
      for (const size of sizes) drawings.push({ size, colour, drawn: await draw(scene, size, colour) });
    }
    for (const { drawn, colour } of drawings) {
      expectSound(drawn);
      if (!colour) expect(drawn.bytes).not.toMatch(styles);
      if (ascii) expect(drawn.history.join('')).toMatch(/^[ -~]*$/);
      for (const text of reaches) expect(isReachable(text, drawn.history), `reaches ${text}`).toBe(true);
      for (const text of sees) expect(drawn.rows.join('\n')).toContain(text);
    }
    const rows = drawings.map(({ drawn }) => drawn.rows);
    expect(rows.slice(sizes.length), 'colours change no text').toEqual(rows.slice(0, sizes.length));
    const file = `${name.replace(/[^a-z0-9]+/gi, '-').toLowerCase()}.txt`;
    await expect(snapshot(drawings)).toMatchFileSnapshot(`./shown/${file}`);
  });

  it.each([
    { columns: 40, rows: 12 },
    { columns: 20, rows: 6 },
    { columns: 8, rows: 4 },
  ])('fits into a terminal of $columns × $rows, whatever is shown', async (size) => {
    for (const { name, scene } of looks) {
      const drawn = await draw(scene, size, false);
      try {
        expectSound(drawn);
      } catch (error) {
        throw new Error(`${name}: ${(error as Error).message}\n${drawn.rows.join('\n')}`);
      }
    }
  });

  it('is shown in more than forty states, each under a name of its own', () => {
    expect(looks.length).toBeGreaterThanOrEqual(40);
    expect(new Set(looks.map(({ name }) => name)).size).toBe(looks.length);
  });
});
