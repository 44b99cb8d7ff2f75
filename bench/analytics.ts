/**
 * What analytics cost a turn while an exporter is down for a day: 2,000 turns on a real database, each 43.2 simulated
 * seconds after the last, so that the exporter is tried again and again. Counted is all time of the one thread in which
 * analytics do something: tracking, every transaction about analytics with its write to the disk, and what the exporter
 * does before it waits; apart for what falls between the start and the end of a turn, and for what comes behind it.
 *
 *     npm run bench:analytics [-- TURNS]
 *
 * Fails when the 99th percentile is over 1 ms, when an event is neither waiting nor counted as dropped, and when closing
 * takes longer than 2 s while an exporter never answers.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { AnalyticsCoordinator } from '../src/coordinators/analytics.js';
import { createWebhookExporter } from '../src/exporters/webhook.js';
import { AgentOrchestrator } from '../src/orchestrator.js';
import { ScriptedProvider } from '../src/providers/scripted.js';
import { openSqliteStore } from '../src/storage/sqlite-store.js';
import { coreTools } from '../src/tools/index.js';

const turns = Number(process.argv[2] ?? 2_000);
const limitMs = 1;
const limitCloseMs = 2_000;
const dayMs = 86_400_000;

let spentMs = 0;
/** Adds the time until a call returns; of an asynchronous one that is its part before it first waits. */
function timed<Given extends unknown[], Result>(
  call: (...given: Given) => Result,
): (...given: Given) => Result {
  return (...given) => {
    const startedAt = performance.now();
    try {
      return call(...given);
    } finally {
      spentMs += performance.now() - startedAt;
    }
  };
}

/** Adds the whole of each transaction that touches a table of analytics, from its BEGIN to the end of its COMMIT. */
function timeTransactions(): void {
  const probe = new Database(':memory:');
  const prototype = Object.getPrototypeOf(probe.prepare('SELECT 1')) as Record<string, unknown>;
  probe.close();
  let startedAt = 0;
  let isAboutAnalytics = false;
  for (const name of ['run', 'get', 'all'] as const) {
    const original = prototype[name] as (...given: unknown[]) => unknown;
    prototype[name] = function (this: { readonly source: string }, ...given: unknown[]) {
      if (/^BEGIN/.test(this.source)) {
        startedAt = performance.now();
        isAboutAnalytics = false;
      }
      isAboutAnalytics ||= /analytics_events|waiting_events|exporters|quarantined_batches/.test(this.source);
      const result = original.apply(this, given);
      if (/^(COMMIT|ROLLBACK)/.test(this.source) && isAboutAnalytics)
        spentMs += performance.now() - startedAt;
      return result;
    };
  }
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)]!;
}

/** Milliseconds until an orchestrator is closed whose exporter never answers, and how many events wait after it. */
async function timeClose(file: string): Promise<{ readonly closeMs: number; readonly kept: number }> {
  const store = await openSqliteStore({ file });
  const hanging = {
    name: 'hanging',
    export: () => new Promise<never>(() => {}),
    close: () => new Promise<void>(() => {}),
  };
  const analytics = new AnalyticsCoordinator({ exporters: [hanging] });
  const provider = new ScriptedProvider({ script: () => ({ text: 'ok' }) });
  const orchestrator = new AgentOrchestrator({
    provider,
    environment: {},
    store,
    coordinators: { analytics },
  });
  await orchestrator.chat('hello');
  const startedAt = performance.now();
  await orchestrator.close();
  const closeMs = performance.now() - startedAt;
  const reopened = await openSqliteStore({ file });
  const state = (await reopened.spool.states()).find(({ name }) => name === 'hanging');
  await reopened.close();
  return { closeMs, kept: state?.waiting ?? 0 };
}

/** An address where nobody listens. */
async function deadAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address() as { port: number };
  await new Promise<unknown>((done) => server.close(done));
  return `http://127.0.0.1:${address.port}/`;
}

const folder = mkdtempSync(join(tmpdir(), 'victor-analytics-'));
timeTransactions();
const opened = await openSqliteStore({ file: join(folder, 'victor.db') });
const store = {
  ...opened,
  analytics: { ...opened.analytics, appendEvents: timed(opened.analytics.appendEvents) },
};
const exporter = createWebhookExporter({ url: await deadAddress() });
let tries = 0;
let running = 0;
const down = {
  ...exporter,
  export: timed((events: Parameters<typeof exporter.export>[0]) => {
    tries += 1;
    running += 1;
    return Promise.resolve(exporter.export(events)).finally(() => {
      running -= 1;
    });
  }),
};
const analytics = new AnalyticsCoordinator({ exporters: [down], exportDelayMs: 0 });
analytics.track = timed(analytics.track.bind(analytics));
const provider = new ScriptedProvider({
  script: ({ messages }) =>
    messages.at(-1)?.role === 'tool'
      ? { text: 'ok' }
      : { toolCalls: [{ name: 'Glob', input: { pattern: '*.none' } }] },
});
const orchestrator = new AgentOrchestrator({
  provider,
  tools: coreTools(),
  cwd: folder,
  environment: {},
  store,
  coordinators: { analytics },
});

const clock = Date.now;
let ahead = 0;
Date.now = () => clock() + ahead;
const perTurn: number[] = [];
const behindTurn: number[] = [];
const wholeTurn: number[] = [];
for (let turn = 0; turn < turns; turn += 1) {
  // Sessions of 50 turns, or the context would be what is measured.
  const sessionId = `session-${Math.floor(turn / 50)}`;
  spentMs = 0;
  const startedAt = performance.now();
  await orchestrator.chat('hello', { sessionId });
  wholeTurn.push(performance.now() - startedAt);
  perTurn.push(spentMs);
  spentMs = 0;
  // Somebody reads the answer: long enough for what was counted to be stored and the exporter to be tried.
  await sleep(5);
  do await sleep(5);
  while (running > 0);
  await analytics.flush();
  await sleep(5);
  behindTurn.push(spentMs);
  ahead += dayMs / turns;
}
await orchestrator.coordinators.analytics.flush?.();
const [state] = await opened.spool.states();
const { waiting = 0, dropped = 0, sent = 0 } = state ?? {};
let stored = 0;
for (let session = 0; session < Math.ceil(turns / 50); session += 1) {
  stored += (await opened.analytics.readEvents(`session-${session}`)).length;
}
await orchestrator.close();
Date.now = clock;
const { closeMs, kept } = await timeClose(join(folder, 'closing.db'));
rmSync(folder, { recursive: true, force: true });

const ms = (value: number) => value.toFixed(3);
const p99 = percentile(perTurn, 0.99);
const inTurn = [percentile(perTurn, 0.5), p99, Math.max(...perTurn)].map(ms).join(' | ');
const behind = [percentile(behindTurn, 0.5), percentile(behindTurn, 0.99)].map(ms).join(' | ');
console.log(
  '| turns | simulated hours | tries | in a turn: median ms | p99 ms | most ms | behind it: median ms | p99 ms | turn ms |',
);
console.log('|--:|--:|--:|--:|--:|--:|--:|--:|--:|');
console.log(
  `| ${turns} | ${ahead / 3_600_000} | ${tries} | ${inTurn} | ${behind} | ${ms(percentile(wholeTurn, 0.5))} |`,
);
console.log(`\n${stored} events stored, ${waiting} wait, ${dropped} dropped, ${sent} sent`);
console.log(`closing with an exporter that never answers: ${Math.round(closeMs)} ms, ${kept} events kept`);
const closes = closeMs <= limitCloseMs && kept > 0;
if (!closes) console.error(`Does not hold: closing takes at most ${limitCloseMs} ms and keeps what is left.`);
const exact = waiting + dropped === stored && sent === 0;
if (!exact) console.error('Does not hold: every event waits or is counted as dropped.');
if (p99 > limitMs) console.error(`Does not hold: the 99th percentile is over ${limitMs} ms.`);
process.exitCode = exact && closes && p99 <= limitMs ? 0 : 1;
