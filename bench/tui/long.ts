import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { peakMegabytes } from '../../test/helpers/process-figures.js';
import type { LongAnswer } from './long-answers.js';
import { openTerminal, type Programs } from './program.js';
import { typeBeside } from './stream.js';

const size = { columns: 100, rows: 30 };

/** Milliseconds from each key that is typed meanwhile to the screen that shows it, and the most memory that was in use. */
export async function typeBesideLong(
  programs: Programs,
  { name }: LongAnswer,
): Promise<{ readonly delays: readonly number[]; readonly megabytes: number; readonly seconds: number }> {
  const program = fileURLToPath(new URL('./long-server.ts', import.meta.url));
  const server = spawn(process.execPath, ['--import', 'tsx', program, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = await once(server.stdout, 'data');
  const pty = openTerminal(programs, programs.victor, String(url).trim(), size);
  try {
    await pty.waitFor('❯', 20_000);
    pty.write('go\r');
    await pty.waitFor(/(?:word|long:) \d{7}/, 60_000);
    const startedAt = performance.now();
    let over = false;
    const ended = pty.waitFor('The end.', 600_000).finally(() => {
      over = true;
    });
    // Where a key is never shown, that is what is told.
    ended.catch(() => {});
    const delays = await typeBeside(pty, () => over);
    await ended;
    const seconds = (performance.now() - startedAt) / 1_000;
    return { delays, megabytes: peakMegabytes(await pty.pid), seconds };
  } finally {
    pty.kill();
    await pty.exit;
    server.kill();
  }
}
