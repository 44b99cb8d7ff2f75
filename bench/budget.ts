/**
 * What a budget costs per provider call: turns of 40 tool round trips over a scripted model and a SQLite database that holds
 * 40,000 earlier events, without a budget and with each, by turns. `npm run bench:budget`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnalyticsEvent } from '../src/core/extension.js';
import { newId } from '../src/core/id.js';
import { AgentOrchestrator } from '../src/orchestrator.js';
import { ScriptedProvider } from '../src/providers/scripted.js';
import { openStore } from '../src/storage/open-store.js';
import { median } from './measure.js';

const CALLS = 40;
const ROUNDS = 15;
const SESSIONS = 200;
const EVENTS_PER_SESSION = 200;

const folder = await mkdtemp(join(tmpdir(), 'victor-bench-'));
const store = await openStore({ file: join(folder, 'victor.db') });
const data = { provider: 'scripted', model: 'script', inputTokens: 9, outputTokens: 9, costUsd: 0.0001 };
for (let session = 0; session < SESSIONS; session += 1) {
  await store.sessions.openSession(`old-${session}`, folder);
  const events = Array.from({ length: EVENTS_PER_SESSION }, (_, n): AnalyticsEvent => {
    const type = n % 3 === 0 ? 'request_end' : 'tool_result';
    return { id: `${session}-${n}`, sessionId: `old-${session}`, type, data, timestamp: Date.now() };
  });
  await store.analytics.appendEvents(events);
}

/** Runs turns, each in a session of its own, and answers the milliseconds of one. */
function turns(settings: object): () => Promise<number> {
  let n = 0;
  const script = () => ({
    ...(n++ % CALLS === CALLS - 1
      ? { text: 'Done.' }
      : { toolCalls: [{ name: 'List', input: { path: `${n}` } }] }),
    usage: { inputTokens: 100, outputTokens: 10 },
  });
  const orchestrator = new AgentOrchestrator({
    provider: new ScriptedProvider({ script }),
    model: 'script',
    store: { ...store, close: async () => {} },
    cwd: folder,
    environment: {},
    settings: { prices: { script: { input: 1, output: 1 } }, ...settings },
  });
  return async () => {
    const startedAt = performance.now();
    const { providerCalls } = await orchestrator.chat('go', { sessionId: newId() });
    if (providerCalls !== CALLS) throw new Error(`${providerCalls} calls instead of ${CALLS}`);
    return performance.now() - startedAt;
  };
}

const variants = {
  'no budget': turns({}),
  maxBudgetUsd: turns({ maxBudgetUsd: 1_000 }),
  maxDayUsd: turns({ maxDayUsd: 1_000 }),
  maxProjectUsd: turns({ maxProjectUsd: 1_000 }),
};
const times = new Map<string, number[]>(Object.keys(variants).map((name) => [name, []]));
for (const run of Object.values(variants)) await run();
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, run] of Object.entries(variants)) times.get(name)!.push((await run()) / CALLS);
}
const base = times.get('no budget')!;
for (const [name, all] of times) {
  const more = median(all.map((ms, round) => ms - base[round]!));
  process.stdout.write(
    `${name.padEnd(14)} ${median(all).toFixed(2)} ms a round trip, ${more.toFixed(2)} ms more\n`,
  );
}
const startedAt = performance.now();
await store.analytics.spending({ folder });
const whole = performance.now() - startedAt;
process.stdout.write(`the whole sum of the project, once a process: ${whole.toFixed(1)} ms\n`);
await store.close();
await rm(folder, { recursive: true, force: true });
