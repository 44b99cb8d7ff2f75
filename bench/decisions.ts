/**
 * What recording every decision costs: microseconds of computing for a turn with two requests and two calls, and bytes of the database.
 *
 *     npm run bench:decisions
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Coordinators } from '../src/core/coordinator.js';
import { DecisionLog } from '../src/decisions/decision-log.js';
import { recordedCoordinator } from '../src/decisions/recorded-coordinator.js';
import { AgentOrchestrator } from '../src/orchestrator.js';
import { ScriptedProvider } from '../src/providers/scripted.js';
import { openStore } from '../src/storage/open-store.js';
import { coreTools } from '../src/tools/index.js';

const rounds = 5;
const turnsARound = 2_000;
const sessionTurns = 30;

const sessionId = 'measured';
const names = Array.from({ length: 12 }, (_, index) => `Tool${index}`);
const call = { id: 'c', name: 'Tool1', input: { path: 'src/a-file-of-some-length.ts' } };
const message = { verdict: 'allow', reason: 'Mode ask allows reading.' } as const;

/** Coordinators that answer at once, so that nothing is measured but the recording. */
const bare = {
  toolSelection: {
    select: async () => ({
      offered: names,
      strategy: 'hybrid',
      scores: [],
      epoch: 0,
      reason: 'All 12 tools fit.',
    }),
  },
  prompt: {
    buildPrompt: async () => ({
      system: 'x'.repeat(4_000),
      volatile: 'y'.repeat(400),
      parts: [{ contributor: 'base', section: 'base', text: 'x'.repeat(4_000) }],
    }),
  },
  context: { fit: async () => undefined },
  permission: { decide: async () => message },
  mode: { allows: () => message },
  tool: { execute: async () => ({ content: 'done' }) },
} as unknown as Pick<Coordinators, 'toolSelection' | 'prompt' | 'context' | 'permission' | 'mode' | 'tool'>;

function recorded(log: DecisionLog): typeof bare {
  const all = Object.entries(bare).map(([name, one]) => [
    name,
    recordedCoordinator(name as keyof typeof bare, one as never, log),
  ]);
  return Object.fromEntries(all);
}

async function turn(with_: typeof bare, log: DecisionLog, number: number): Promise<void> {
  log.worksOn(sessionId);
  log.turnBegins(sessionId, `turn ${number}`);
  const signal = new AbortController().signal;
  for (let request = 0; request < 2; request += 1) {
    await with_.toolSelection.select({ sessionId, text: 'do it', tools: [] });
    await with_.prompt.buildPrompt!({ sessionId });
    await with_.context.fit!(sessionId, 100_000);
    await with_.permission.decide({ ...call, input: { path: `src/${number}.ts` } }, sessionId);
    with_.mode.allows({ name: 'Tool1', kind: 'read' }, sessionId);
    await with_.tool.execute(call, sessionId, signal);
  }
  log.turnEnds(sessionId);
  log.handOver(sessionId);
}

async function microseconds(with_: typeof bare, log: DecisionLog): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    for (let number = 0; number < turnsARound; number += 1) await turn(with_, log, number);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / turnsARound);
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)]!;
}

/** Bytes that a session of so many turns, each with a call and an answer, leaves in the log and as decisions. */
async function bytes(): Promise<{ readonly log: number; readonly decisions: number; readonly rows: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'victor-bench-'));
  try {
    await writeFile(join(folder, 'a.txt'), 'a line of text\n'.repeat(100));
    let request = 0;
    const script = () => {
      request += 1;
      return request % 2 === 1
        ? { toolCalls: [{ name: 'Read', input: { path: 'a.txt', limit: 1 + (request % 90) } }] }
        : { text: 'That file says the same in every line.' };
    };
    const file = join(folder, 'victor.db');
    const provider = new ScriptedProvider({ script });
    const store = await openStore({ file });
    const tools = coreTools();
    const orchestrator = new AgentOrchestrator({ provider, store, tools, cwd: folder, environment: {} });
    for (let number = 0; number < sessionTurns; number += 1) await orchestrator.chat(`Read it, ${number}`);
    await orchestrator.close();
    const database = new Sqlite(file, { readonly: true });
    const sum = (what: string, table: string) =>
      Number(database.prepare(`SELECT ${what} FROM ${table}`).pluck().get());
    const found = {
      log: sum('sum(length(payload))', 'log'),
      decisions: sum('sum(length(payload))', 'decisions'),
      rows: sum('count(*)', 'decisions'),
    };
    database.close();
    return found;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const log = new DecisionLog({ noteDecisions: async () => {}, readDecisions: async () => [] });
const without = await microseconds(bare, log);
const recording = await microseconds(recorded(log), log);
const kept = await bytes();
console.log(`recording a turn of 12 decisions: ${(recording - without).toFixed(0)} µs of computing`);
console.log(
  `a session of ${sessionTurns} turns: ${kept.decisions} bytes of decisions in ${kept.rows} rows, ${kept.log} bytes of log`,
);
