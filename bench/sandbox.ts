/**
 * What it costs a command in the sandbox that names which are not there are denied: the whole of `true`, in interleaved
 * pairs with and without them, and the time in this process. Prints medians, and the fastest of each.
 *
 *     npm run bench:sandbox -- [--runs 101]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createBubblewrap } from '../src/sandbox/bubblewrap.js';
import { protect } from '../src/sandbox/protected-paths.js';
import type { Limits } from '../src/sandbox/sandbox.js';
import { runProcess } from '../src/tools/run-process.js';
import { median } from './measure.js';

const { values: flags } = parseArgs({ options: { runs: { type: 'string', default: '101' } } });
const runs = Number(flags.runs);
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'victor-bench-')));
const home = realpathSync(mkdtempSync(join(tmpdir(), 'victor-bench-home-')));
const { PATH } = process.env;
execFileSync('git', ['init', '-q', folder], { env: { PATH } });
const backend = createBubblewrap('bwrap', process.env);

/** Milliseconds of one command, and of making and releasing its protection. */
async function once(denies: boolean): Promise<{ whole: number; here: number; denied: number; cpu: number }> {
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const protection = protect(folder, { byMount: denies, dataDirectory: home });
  const protectedAt = performance.now();
  const protecting = process.cpuUsage(cpuBefore);
  const limits: Limits = {
    cwd: folder,
    writable: [folder],
    readable: [],
    hidden: [],
    masked: [],
    readOnly: protection.readOnly,
    denied: denies ? protection.denied : [],
    pinned: protection.pinned,
    network: false,
  };
  const confinement = {
    confine: async (argv: readonly [string, ...string[]]) => ({
      ...backend.wrap(argv, limits),
      remarks: [],
      release: () => [],
    }),
  };
  const command = ['/bin/true'] as const;
  const { exitCode } = await runProcess({
    command,
    cwd: folder,
    environment: process.env,
    timeoutMs: 10_000,
    separateErrors: true,
    confinement,
  });
  if (exitCode !== 0) throw new Error(`The command ended with ${exitCode}.`);
  const cpuAfter = process.cpuUsage();
  const ranAt = performance.now();
  protection.release();
  const endedAt = performance.now();
  const releasing = process.cpuUsage(cpuAfter);
  return {
    whole: endedAt - startedAt,
    here: protectedAt - startedAt + (endedAt - ranAt),
    denied: limits.denied.length,
    cpu: (protecting.user + protecting.system + releasing.user + releasing.system) / 1000,
  };
}

for (let warm = 0; warm < 5; warm += 1) for (const denies of [false, true]) await once(denies);
const [without, withThem, differences, here, cpu] = [[], [], [], [], []] as number[][] as [
  number[],
  number[],
  number[],
  number[],
  number[],
];
let denied = 0;
for (let run = 0; run < runs; run += 1) {
  const [one, other] = [await once(false), await once(true)];
  without.push(one.whole);
  withThem.push(other.whole);
  differences.push(other.whole - one.whole);
  here.push(other.here - one.here);
  cpu.push(other.cpu - one.cpu);
  denied = other.denied;
}
for (const one of [folder, home]) rmSync(one, { recursive: true, force: true });
const shown = (value: number) => `${value.toFixed(2)} ms`;
console.log(`${runs} pairs, ${denied} names denied`);
console.log(
  `median: without ${shown(median(without))}, with ${shown(median(withThem))}, difference ${shown(median(differences))}, of that in this process ${shown(median(here))} (${shown(median(cpu))} of processor time)`,
);
// On a machine that does other things too, the fastest run says most about the cost itself.
console.log(
  `fastest: without ${shown(Math.min(...without))}, with ${shown(Math.min(...withThem))}, difference ${shown(Math.min(...withThem) - Math.min(...without))}`,
);
