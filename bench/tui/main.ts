/**
 * What the chat costs in a real terminal, against a bare Ink program that shows the same stream (`reference.tsx`). Prints
 * medians over interleaved pairs and the bound each is held to; exits 1 when one does not hold.
 *
 *     npm run bench:tui -- [--pairs 3] [--turns 1000] [--only streaming|typing|scrollback|idle|memory|long]
 */
import { parseArgs } from 'node:util';
import type { Pty } from '../../test/helpers/pty.js';
import { median } from '../measure.js';
import { typeBesideLong } from './long.js';
import { longAnswers } from './long-answers.js';
import { openPrograms, type Size } from './program.js';
import { growth, idle } from './rest.js';
import { misplacedLines } from './scrollback.js';
import { type Streamed, streamThrough, typeBeside } from './stream.js';

const { values: flags } = parseArgs({
  options: {
    pairs: { type: 'string', default: '3' },
    turns: { type: 'string', default: '1000' },
    only: { type: 'string' },
  },
});

const programs = await openPrograms();
const sizes: readonly Size[] = [
  { columns: 100, rows: 30 },
  { columns: 200, rows: 50 },
];
/** The same 40 kB: as a fast model sends them, and faster than any. */
const paces: readonly {
  readonly name: string;
  readonly chunks: number;
  readonly delayMs: number;
  /** Processor time against the reference. */
  readonly mostRatio: number;
  readonly mostKilobytes?: number;
}[] = [
  { name: '83 chunks/s', chunks: 1_660, delayMs: 1_000 / 83, mostRatio: 1.3 },
  { name: '500 chunks/s', chunks: 2_000, delayMs: 2, mostRatio: 1.5, mostKilobytes: 80 },
];
let failed = 0;

function report(name: string, value: number, unit: string, most?: number): void {
  const kept = most === undefined || value <= most;
  if (!kept) failed += 1;
  const bound = most === undefined ? '' : `  (at most ${most}) ${kept ? 'kept' : 'NOT KEPT'}`;
  process.stdout.write(`${name.padEnd(60)} ${value.toFixed(2).padStart(9)} ${unit.padEnd(9)}${bound}\n`);
}

async function streaming(): Promise<void> {
  for (const size of sizes) {
    for (const { name, chunks, delayMs, mostRatio, ...most } of paces) {
      const own: Streamed[] = [];
      const bare: Streamed[] = [];
      for (let pair = 0; pair < Number(flags.pairs); pair += 1) {
        const options = { programs, size, chunks, delayMs };
        own.push(await streamThrough({ ...options, program: () => programs.victor }));
        bare.push(await streamThrough({ ...options, program: programs.reference }));
      }
      const what = `${size.columns}x${size.rows}, ${name}:`;
      const share = (all: readonly Streamed[]) => median(all.map(({ cpuShare }) => cpuShare)) * 100;
      const ratios = own.map(({ cpuShare }, at) => cpuShare / bare[at]!.cpuShare);
      report(`${what} chunks that came in a second`, chunks / median(own.map(({ seconds }) => seconds)), '');
      report(`${what} processor, victor`, share(own), '% of one');
      report(`${what} processor, bare Ink`, share(bare), '% of one');
      report(`${what} processor, ratio`, median(ratios), '×', mostRatio);
      report(`${what} wipes of screen or scrollback`, Math.max(...own.map(({ wipes }) => wipes)), '', 0);
      report(
        `${what} written for 40 kB`,
        median(own.map(({ bytes }) => bytes)) / 1_000,
        'kB',
        most.mostKilobytes,
      );
    }
  }
}

async function typing(): Promise<void> {
  for (const size of sizes) {
    const delays: number[] = [];
    const meanwhile = async (pty: Pty, isOver: () => boolean) => {
      delays.push(...(await typeBeside(pty, isOver)));
    };
    const { chunks, delayMs } = paces[0]!;
    await streamThrough({ programs, size, chunks, delayMs, program: () => programs.victor, meanwhile });
    reportKeys(`${size.columns}x${size.rows}, a key while an answer comes`, delays);
  }
}

function reportKeys(what: string, delays: readonly number[]): void {
  const sorted = [...delays].sort((a, b) => a - b);
  report(`${what} (${sorted.length}): median`, median(sorted), 'ms');
  report(`${what} (${sorted.length}): p99`, sorted[Math.ceil(sorted.length * 0.99) - 1]!, 'ms', 50);
}

async function long(): Promise<void> {
  for (const answer of longAnswers) {
    const { delays, megabytes, seconds } = await typeBesideLong(programs, answer);
    report(`${answer.name}: shown`, seconds, 's');
    report(`${answer.name}: most memory`, megabytes, 'MB', 400);
    reportKeys(`${answer.name}: a key meanwhile`, delays);
  }
}

async function scrollback(): Promise<void> {
  for (const size of sizes) {
    for (const { name, delayMs } of paces) {
      const misplaced = await misplacedLines(programs, size, delayMs);
      report(
        `${size.columns}x${size.rows}, ${name}: lines not exactly once in tmux`,
        misplaced.length,
        '',
        0,
      );
    }
  }
}

async function atRest(): Promise<void> {
  const { cpuShare, megabytes } = await idle(programs);
  report('idle: processor', cpuShare * 100, '% of one', 1.5);
  report('idle: memory', megabytes, 'MB', 100);
}

async function memory(): Promise<void> {
  const turns = Number(flags.turns);
  const grown = await growth(programs, turns, Math.floor(turns / 5));
  report(
    `${turns} turns with outputs of 16 KB: growth a turn, after a fifth`,
    grown.kilobytesPerTurn,
    'kB',
    20,
  );
  report(`${turns} turns with outputs of 16 KB: memory at the end`, grown.megabytesAtTheEnd, 'MB');
  report(`${turns} turns with outputs of 16 KB: processor, a turn`, (grown.cpuSeconds / turns) * 1_000, 'ms');
}

const measurements = { streaming, typing, scrollback, idle: atRest, memory, long };
const chosen = Object.entries(measurements).filter(([name]) => [undefined, name].includes(flags.only));
if (chosen.length === 0) throw new Error(`--only takes one of: ${Object.keys(measurements).join(', ')}`);
try {
  for (const [, measure] of chosen) await measure();
} finally {
  await programs.close();
}
process.exitCode = failed > 0 ? 1 : 0;
