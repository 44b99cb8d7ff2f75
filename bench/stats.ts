/**
 * What victor stats takes over a long history: a database of that many events (an argument; a million when absent), spread over
 * a year, and each form of the command as a process of its own. `npm run bench:stats -- 100000`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnalyticsEvent } from '../src/core/extension.js';
import { localDay } from '../src/storage/local-day.js';
import { openSqliteStore } from '../src/storage/sqlite-store.js';
import { median } from './measure.js';

const EVENTS = Number(process.argv[2] ?? 1_000_000);
const PER_SESSION = 100;
const ROUNDS = 5;
const DAY_MS = 86_400_000;

const models = ['claude-sonnet-4-5', 'claude-haiku-4-5', 'gpt-5', 'unheard-of'];
const tools = ['Read', 'Grep', 'Edit', 'Bash', 'Glob', 'List', 'Write'];

/** One session of a hundred events: five turns of calls to the model and to tools, by turns. */
function events(session: number, start: number): AnalyticsEvent[] {
  const model = models[session % models.length]!;
  return Array.from({ length: PER_SESSION }, (_, n) => {
    const place = n % 20;
    const type =
      place === 0 ? 'turn_start' : place === 19 ? 'turn_end' : place % 2 ? 'request_end' : 'tool_result';
    const call = {
      provider: 'anthropic',
      model,
      inputTokens: (n * 7919 + session) % 3_000,
      outputTokens: (n * 104_729 + session) % 900,
      cacheReadTokens: (n * 1_299_709 + session) % 40_000,
      cacheWriteTokens: 500,
      costUsd: model === 'unheard-of' ? null : ((n * 31 + session) % 500) / 10_000,
      stopReason: 'tool-calls',
      durationMs: (n * 13 + session) % 9_000,
    };
    const used = {
      tool: tools[(n + session) % tools.length]!,
      isError: n % 40 === 6,
      denied: n % 50 === 8,
      durationMs: (n * n + session) % 3_000,
    };
    const turn = {
      provider: 'anthropic',
      model,
      reason: 'end',
      providerCalls: 9,
      costUsd: null,
      durationMs: 60_000,
    };
    const data = type === 'request_end' ? call : type === 'tool_result' ? used : turn;
    return {
      id: `${session}-${n}`,
      sessionId: `session-${session}`,
      type,
      data,
      timestamp: start + n * 1_000,
    };
  });
}

const home = await mkdtemp(join(tmpdir(), 'victor-bench-'));
const store = await openSqliteStore({ file: join(home, 'victor.db') });
const sessions = Math.ceil(EVENTS / PER_SESSION);
const yearAgo = Date.now() - 365 * DAY_MS;
for (let session = 0; session < sessions; session += 1) {
  await store.sessions.openSession(`session-${session}`, `/work/project-${session % 40}`);
}
for (let session = 0; session < sessions; session += 100) {
  const batch = Array.from({ length: Math.min(100, sessions - session) }, (_, index) => {
    const start = yearAgo + ((session + index) / sessions) * 364 * DAY_MS;
    return events(session + index, Math.floor(start));
  });
  await store.analytics.appendEvents(batch.flat());
}
const appendedAt = performance.now();
await store.analytics.appendEvents(events(sessions, Date.now() - DAY_MS));
const append = performance.now() - appendedAt;
await store.close();
const { size } = await stat(join(home, 'victor.db'));
process.stdout.write(
  `${sessions * PER_SESSION} events of ${sessions} sessions in ${(size / 1e6).toFixed(0)} MB; ${PER_SESSION} more take ${append.toFixed(1)} ms\n`,
);

const launcher = join(import.meta.dirname, '../bin/victor.js');
const month = localDay(Date.now() - 30 * DAY_MS);
const forms: readonly (readonly string[])[] = [
  ['--version'],
  ['stats'],
  ...['tool', 'project', 'session', 'day'].map((by) => ['stats', '--by', by]),
  ['stats', '--days', '365'],
  ['stats', '--days', '365', '--by', 'tool'],
  ['stats', '--html', join(home, 'out.html')],
  ['stats', '--days', '365', '--html', join(home, 'out.html')],
  ...['daily_cost', 'cache_hits', 'tool_latency', 'denials', 'compactions', 'errors'].map((view) => [
    'stats',
    '--sql',
    `SELECT * FROM ${view} WHERE day >= '${month}'`,
  ]),
];
for (const form of forms) {
  const runs = Array.from({ length: ROUNDS }, () => {
    const startedAt = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [launcher, ...form], {
      env: { ...process.env, VICTOR_HOME: home },
    });
    if (status !== 0) throw new Error(`victor ${form.join(' ')}: ${stderr}`);
    return performance.now() - startedAt;
  });
  process.stdout.write(
    `${median(runs).toFixed(0).padStart(6)} ms  victor ${form.join(' ').replace(home, '.')}\n`,
  );
}
await rm(home, { recursive: true, force: true });
