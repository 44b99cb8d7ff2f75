import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { long, share } from '../helpers/campaign.js';
import { bundleProgram, type PtyProgram } from '../helpers/pty-program.js';
import { recordCount } from '../helpers/record-count.js';
import { adversarialTexts, controlsIn, isHostile } from './adversarial-text.js';
import { componentFrames } from './component-frames.js';

/** Texts in one frame, for components of which many fit into one. */
const few = 25;
const count = long ? 5_000 : few;
/** All that Ink itself sends without colours: it hides and shows the cursor, and says where a frame begins and ends. */
const ofInk = /\u001b\[\?(?:25|2026)[hl]|\u001b\[\d*[AGK]/g;

let program: PtyProgram;
beforeAll(async () => {
  program = await bundleProgram(new URL('programs/draw-components.tsx', import.meta.url).pathname);
});
afterAll(() => program.remove());

/** What a component writes to a real terminal. */
async function drawn(name: string, texts: number, kind: 'hostile' | 'harmless'): Promise<string> {
  const line = `stty rows 5000 cols 140; exec '${process.execPath}' '${program.file}' ${name} ${texts} ${kind}`;
  const env = { PATH: process.env.PATH, TERM: 'xterm-256color', FORCE_COLOR: '0', SHELL: '/bin/sh' };
  const child = spawn('script', ['-qefc', line, '/dev/null'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
  // The terminal itself ends lines so.
  return Buffer.concat(chunks).toString('utf8').replaceAll('\r\n', '\n');
}

/** How often each of these is there, for every `few` texts. */
function rates(text: string, texts: number): Record<string, number> {
  const found: Record<string, number> = {};
  // Once at the end of the process the cursor is shown again.
  for (const [one] of text.replace(/\u001b\[\?25h$/, '').matchAll(ofInk))
    found[one] = (found[one] ?? 0) + few / texts;
  return Object.fromEntries(Object.entries(found).map(([one, rate]) => [one, Number(rate.toFixed(6))]));
}

describe('adversarial texts through every component of ui/components, on a terminal', () => {
  it('every component is in the list, also one that comes later', () => {
    const components = readdirSync(new URL('../../src/ui/components/', import.meta.url));
    expect(Object.keys(componentFrames).sort()).toEqual(components.sort());
  });

  it('each text is hostile, no two are alike, and where nobody sanitises them they do get through', async () => {
    const texts = adversarialTexts(count, 4);
    expect(texts.filter(isHostile)).toHaveLength(count);
    expect(new Set(texts).size).toBe(count);
    expect(controlsIn((await drawn('raw', few, 'hostile')).replace(ofInk, ''))).toBeGreaterThan(10);
  });

  it.concurrent.each(share(Object.keys(componentFrames), 3))(
    'E01 E02 E03 E04 E07 E08 E09: the terminal gets no control byte from %s that Ink does not send for harmless texts',
    async (name) => {
      const [hostile, harmless] = [await drawn(name, count, 'hostile'), await drawn(name, few, 'harmless')];
      const rest = hostile.replace(ofInk, '');
      const found = controlsIn(rest);
      console.log(
        `${name}: ${count} texts on a terminal, ${hostile.length} characters, ${found} control bytes`,
      );
      recordCount({ row: 'components', tried: count, found });
      expect(found).toBe(0);
      // A text that writes just what Ink writes is seen by how often it is there.
      expect(rates(hostile, count)).toEqual(rates(harmless, few));
      expect(rest.split('kept').length - 1).toBeGreaterThanOrEqual(count);
    },
    900_000,
  );
});
