import { setTimeout as sleep } from 'node:timers/promises';
import { startModelServer } from '../../test/helpers/model-server.js';
import { cpuSeconds } from '../../test/helpers/process-figures.js';
import type { Pty } from '../../test/helpers/pty.js';
import { longAnswer } from './answer.js';
import { openTerminal, type Program, type Programs, type Size } from './program.js';

export interface Streamed {
  /** Share of one core that the process took while the answer came. */
  readonly cpuShare: number;
  readonly seconds: number;
  /** What it wrote to the terminal for the answer. */
  readonly bytes: number;
  /** How often the screen or the scrollback was wiped. */
  readonly wipes: number;
}

export interface StreamOptions {
  readonly programs: Programs;
  readonly program: (url: string) => Program;
  readonly size: Size;
  readonly chunks: number;
  readonly delayMs: number;
  /** Runs beside the answer. */
  readonly meanwhile?: (pty: Pty, isOver: () => boolean) => Promise<void>;
}

/** Starts a program in a terminal and measures it while one long answer streams. */
export async function streamThrough(options: StreamOptions): Promise<Streamed> {
  const { programs, program, size, chunks, delayMs, meanwhile } = options;
  const server = await startModelServer([{ text: longAnswer().text, chunks, delayMs }], { repeat: true });
  const chosen = program(server.url);
  const pty = openTerminal(programs, chosen, server.url, size);
  try {
    await pty.waitFor(chosen.ready, 20_000);
    const pid = await pty.pid;
    const written = pty.bytes().length;
    pty.write('go\r');
    const { closed } = await server.arrival(1);
    const startedAt = performance.now();
    const before = cpuSeconds(pid);
    let over = false;
    const beside = meanwhile?.(pty, () => over);
    await closed;
    over = true;
    await beside;
    await pty.waitFor('The end.', 20_000);
    const seconds = (performance.now() - startedAt) / 1_000;
    const cpuShare = (cpuSeconds(pid) - before) / seconds;
    await sleep(300);
    const bytes = pty.bytes();
    const wipes = bytes.toString('latin1').match(/\u001b\[[23]J/g)?.length ?? 0;
    return { cpuShare, seconds, bytes: bytes.length - written, wipes };
  } finally {
    pty.kill();
    await pty.exit;
    await server.close();
  }
}

/** Types while an answer streams; milliseconds from each key to the screen that shows it. */
export async function typeBeside(pty: Pty, isOver: () => boolean): Promise<number[]> {
  const delays: number[] = [];
  let typed = '';
  for (let next = 0; !isOver(); next += 1) {
    typed += String.fromCharCode(97 + (next % 26));
    const pressedAt = performance.now();
    pty.write(typed.at(-1)!);
    const wanted = typed.slice(-40);
    await pty.waitFor((screen) => screen.some((row) => row.includes(wanted)), 60_000);
    delays.push(performance.now() - pressedAt);
    // Not in step with the frames.
    await sleep(70 + ((next * 37) % 80));
    if (typed.length >= 60) {
      pty.write('\u0015');
      typed = '';
    }
  }
  return delays;
}
