import { setTimeout as sleep } from 'node:timers/promises';
import { manyTurns } from '../../test/helpers/many-turns.js';
import { startModelServer } from '../../test/helpers/model-server.js';
import { cpuSeconds, residentMegabytes, slope } from '../../test/helpers/process-figures.js';
import { openTerminal, type Programs } from './program.js';

const size = { columns: 100, rows: 30 };
const idleSeconds = 10;

/** Share of one core and megabytes of a chat that waits for its user. */
export async function idle(programs: Programs): Promise<{ cpuShare: number; megabytes: number }> {
  const server = await startModelServer([]);
  const pty = openTerminal(programs, programs.victor, server.url, size);
  try {
    await pty.waitFor('❯', 20_000);
    const pid = await pty.pid;
    await sleep(2_000);
    const before = cpuSeconds(pid);
    await sleep(idleSeconds * 1_000);
    return { cpuShare: (cpuSeconds(pid) - before) / idleSeconds, megabytes: residentMegabytes(pid) };
  } finally {
    pty.kill();
    await pty.exit;
    await server.close();
  }
}

export interface Growth {
  /** Kilobytes that the process grows by with each turn after the first ones: the slope of a line through all samples. */
  readonly kilobytesPerTurn: number;
  readonly megabytesAtTheEnd: number;
  /** Processor time of all turns. */
  readonly cpuSeconds: number;
}

/** Memory over many turns at full speed, each with a tool output of 16 KB; a sample every ten turns after `from`. */
export async function growth(programs: Programs, turns: number, from: number): Promise<Growth> {
  const conversation = await manyTurns(programs.workspace);
  const server = await startModelServer(conversation.script);
  conversation.playedBy(server);
  const { victor } = programs;
  const program = { ...victor, argv: [...victor.argv, '--model', conversation.model] };
  const pty = openTerminal(programs, program, server.url, size);
  const samples: { x: number; y: number }[] = [];
  try {
    await pty.waitFor('❯', 20_000);
    const pid = await pty.pid;
    const before = cpuSeconds(pid);
    await conversation.take(pty, 1, turns, (turn) => {
      if (turn > from && turn % 10 === 0) samples.push({ x: turn, y: residentMegabytes(pid) });
    });
    return {
      kilobytesPerTurn: slope(samples) * 1_000,
      megabytesAtTheEnd: samples.at(-1)?.y ?? Number.NaN,
      cpuSeconds: cpuSeconds(pid) - before,
    };
  } finally {
    pty.kill();
    await pty.exit;
    await server.close();
  }
}
