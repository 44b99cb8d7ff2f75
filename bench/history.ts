/**
 * What a large history costs, in this process: `npm run bench:history [-- SESSIONS MESSAGES LONG CALLS ROUNDS]`. The
 * database has SESSIONS sessions of MESSAGES messages (10,000 of 100: a million), and one session of LONG messages (100,000); a
 * turn makes CALLS tool calls (500), and medians are over ROUNDS (15). Each line gives what was measured, in milliseconds, and
 * the bound it is held to; the exit code is 1 when one is not kept.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SessionCoordinator } from '../src/coordinators/session.js';
import { newId } from '../src/core/id.js';
import { userMessage } from '../src/core/message.js';
import type { Store } from '../src/core/store.js';
import { AgentOrchestrator } from '../src/orchestrator.js';
import { ScriptedProvider } from '../src/providers/scripted.js';
import { initialState } from '../src/state.js';
import { openSqliteStore } from '../src/storage/sqlite-store.js';
import { createConversation } from '../src/ui/conversation.js';
import { initialInput } from '../src/ui/input-state.js';
import { createScreenStore } from '../src/ui/screen-store.js';
import { createSessionSwitch } from '../src/ui/switch-session.js';
import { conversation, fill, randomNumbers, text, word } from './history-data.js';
import { cpuNow, median } from './measure.js';

const given = process.argv.slice(2).map(Number);
const [sessions = 10_000, messages = 100, long = 100_000, calls = 500, rounds = 15] = given;
const SHOWN = 50;

const folder = await mkdtemp(join(tmpdir(), 'victor-bench-'));
const file = join(folder, 'victor.db');
const store = await openSqliteStore({ file });
let failed = 0;

function report(name: string, value: number, bound: number, unit = 'ms'): void {
  const kept = value <= bound;
  if (!kept) failed += 1;
  const digits = unit === 'ms' ? 1 : 2;
  process.stdout.write(
    `${name.padEnd(58)} ${value.toFixed(digits).padStart(8)} ${unit.padEnd(2)} (at most ${bound}) ${kept ? 'kept' : 'NOT KEPT'}\n`,
  );
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

/** The median, after one round that warms up. */
async function medianOf(action: (round: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round += 1) times.push(await timed(() => action(round)));
  return median(times.slice(1));
}

function expectRows(count: number, least: number): void {
  if (count < least) throw new Error(`${count} rows instead of ${least}`);
}

try {
  await prepare();
  await lists();
  await searches();
  await appends();
  await longSession();
  await toolCalls();
  await resume();
} finally {
  await store.close();
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;

async function prepare(): Promise<void> {
  const filling = await timed(() => fill(store, sessions, messages));
  const indexing = await timed(() => store.sessions.searchMessages(word(1)));
  const megabytes = ((await stat(file)).size + (await stat(`${file}-wal`)).size) / 1e6;
  process.stdout.write(
    `${sessions} sessions, ${sessions * messages} messages: written in ${(filling / 1_000).toFixed(1)} s, indexed in ${(indexing / 1_000).toFixed(1)} s, ${megabytes.toFixed(0)} MB\n`,
  );
}

async function lists(): Promise<void> {
  const rows = Math.min(SHOWN, sessions);
  const { sessions: stored } = store;
  report(
    `D13 list the first ${SHOWN}`,
    await medianOf(async () => expectRows((await stored.listSessions({ limit: SHOWN })).length, rows)),
    50,
  );
  report(
    `D13 list the first ${SHOWN} with a tag`,
    await medianOf(async () =>
      expectRows((await stored.listSessions({ limit: SHOWN, tag: 'kept' })).length, Math.ceil(rows / 10)),
    ),
    50,
  );
  const coordinator = new SessionCoordinator({ store: stored, cwd: folder, resetContext: () => {} });
  const open = async (round: number) => {
    const id = `session-${Math.floor((sessions / (rounds + 1)) * round)}`;
    expectRows((await stored.readTail(id, 12)).length, Math.min(12, messages));
    expectRows((await coordinator.open(id)).messages.length, messages);
  };
  report(`open a session of ${messages} messages and show the tail`, await medianOf(open), 50);
}

async function searches(): Promise<void> {
  const some = randomNumbers(7);
  const common = () => word(1 + Math.floor(some() * 20));
  const said = await samples();
  const queries: readonly (readonly [string, (round: number) => string])[] = [
    ['a word that every message has', () => 'the'],
    ['a common word', () => common()],
    ['two common words', () => `${common()} ${common()}`],
    ['a rare word', (round) => said[round]!.rare],
    ['a rare word and one that every message has', (round) => `the ${said[round]!.rare}`],
    ['a phrase', (round) => `"${said[round]!.start}"`],
    ['how a rare word begins', (round) => `${said[round]!.rare.slice(0, 3)}*`],
    ['what nothing has', () => 'absent'],
  ];
  for (const [name, query] of queries) {
    let hits = 0;
    const time = await medianOf(async (round) => {
      hits += (await store.sessions.searchMessages(query(round), { limit: SHOWN })).length;
    });
    if (hits > 0 === (name === 'what nothing has')) throw new Error(`${hits} hits for ${name}`);
    report(`D13 search ${name}`, time, 300);
  }
}

/** The rarest word of a message, and how it starts, for each round one. */
async function samples(): Promise<{ readonly rare: string; readonly start: string }[]> {
  const rankOf = (one: string) => Number.parseInt(one.slice(1), 36);
  const found: { rare: string; start: string }[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const [last] = await store.sessions.readTail(`session-${round % sessions}`, 1);
    const [the, ...words] = last!.content.split(' ');
    const rare = [...words].sort((a, b) => rankOf(b) - rankOf(a))[0]!;
    found.push({ rare, start: `${the} ${words[0]}` });
  }
  return found;
}

/** By turns in an empty database and the full one, so that both see the same moods of the machine. */
async function appends(): Promise<void> {
  const empty = await openSqliteStore({ file: join(folder, 'empty.db') });
  const full = await append(store, 'warm-up');
  await append(empty, 'warm-up');
  const times = { empty: [] as number[], full: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    times.empty.push(await append(empty, `appended-${round}`));
    times.full.push(await append(store, `appended-${round}`));
  }
  await empty.close();
  if (full === 0) throw new Error('Nothing was appended.');
  const ratio = median(times.full) / median(times.empty);
  const each = (all: readonly number[]) => ((median(all) / calls) * 1_000).toFixed(0);
  report(
    `growth of an append with its indexing (${each(times.empty)} -> ${each(times.full)} µs)`,
    ratio,
    1.2,
    'x',
  );
}

/** Appends to a session of its own, and indexes what was appended. */
async function append(to: Store, id: string): Promise<number> {
  const random = randomNumbers(3);
  const texts = Array.from({ length: calls }, () => text(random));
  await to.sessions.openSession(id, folder);
  return timed(async () => {
    for (const one of texts) {
      await to.sessions.appendLog(id, { type: 'message', message: userMessage(one) });
    }
    await to.sessions.searchMessages('absent');
  });
}

async function longSession(): Promise<void> {
  const log = conversation(long, randomNumbers(5)).map((message) => ({
    entry: { type: 'message' as const, message },
    timestamp: 1,
  }));
  const described = { title: 'Long', cwd: folder, createdAt: 1, updatedAt: 1, tags: [] };
  await store.sessions.importSession({ ...described, id: 'long', log });
  const reopened = async () => {
    const other = await openSqliteStore({ file });
    expectRows((await other.sessions.readTail('long', 12)).length, Math.min(12, long));
    await other.close();
  };
  report(`D12 open the database and show the tail of ${long} messages`, await medianOf(reopened), 200);
  const shown: number[] = [];
  for (let round = 0; round <= rounds; round += 1) shown.push(await showInChat());
  report('D12 show where they stood in the chat, nothing compacted', median(shown.slice(1)), 200);
  const coordinator = new SessionCoordinator({ store: store.sessions, cwd: folder, resetContext: () => {} });
  const kept = conversation(40, randomNumbers(6));
  await coordinator.record({ type: 'compaction', messages: kept, strategy: 'recent' }, 'long');
  const resumed = async () => expectRows((await coordinator.open('long')).messages.length, kept.length);
  report(`D12 resume them where they were compacted`, await medianOf(resumed), 200);
}

/** As `/resume` does it, until the end of the session can be drawn; the rest is read behind it, which is not timed. */
async function showInChat(): Promise<number> {
  const orchestrator = orchestratorOf(() => ({ text: 'Done.' }));
  const { footer } = initialState();
  const initial = {
    ...{ state: initialState(), input: initialInput(), columns: 80, rows: 24, now: 0 },
    ...{ approval: undefined, queued: [], hint: '', print: { number: 0, blocks: [] } },
  };
  const screen = createScreenStore({ initial, paint: () => {} });
  const talk = createConversation(orchestrator, screen, orchestrator.sessionId);
  const footerOf = (sessionId: string) => ({ ...footer, sessionId });
  const show = createSessionSwitch({ port: orchestrator, store: screen, conversation: talk, footerOf });
  const time = await timed(async () => expectRows((await show('long')).length, 2));
  await orchestrator.openSession('long');
  talk.close();
  screen.stop();
  await orchestrator.close();
  return time;
}

async function toolCalls(): Promise<void> {
  const wall: number[] = [];
  const cpu: number[] = [];
  const script = () => {
    wall.push(performance.now());
    cpu.push(cpuNow());
    const input = { path: `${wall.length}` };
    return wall.length > calls ? { text: 'Done.' } : { toolCalls: [{ name: 'List', input }] };
  };
  const orchestrator = orchestratorOf(script, { maxTurns: calls + 1, maxToolCalls: calls + 1 });
  await orchestrator.chat('go', { sessionId: newId() });
  expectRows(wall.length, calls + 1);
  reportGrowth('the gap per call', wall);
  reportGrowth('processor time per call', cpu);
}

/** How much more lies between two of these times at the end than at the beginning. */
function reportGrowth(name: string, at: readonly number[]): void {
  const gaps = at.slice(1).map((time, index) => time - at[index]!);
  // The first tenth warms up the compiler.
  const fifth = Math.ceil(calls / 5);
  const warm = Math.ceil(calls / 10);
  const [first, last] = [median(gaps.slice(warm, warm + fifth)), median(gaps.slice(-fifth))];
  report(
    `${name} over ${calls} calls (${first.toFixed(2)} -> ${last.toFixed(2)} ms)`,
    last / first,
    1.2,
    'x',
  );
}

async function resume(): Promise<void> {
  const log = conversation(1_000, randomNumbers(9)).map((message) => ({
    entry: { type: 'message' as const, message },
    timestamp: 1,
  }));
  const described = { title: 'Resumed', cwd: folder, createdAt: 1, updatedAt: 1, tags: [] };
  const wall = { fresh: [] as number[], resumed: [] as number[] };
  const cpu = { fresh: [] as number[], resumed: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    for (const kind of ['fresh', 'resumed'] as const) {
      const sessionId = `${kind}-${round}`;
      if (kind === 'resumed') await store.sessions.importSession({ ...described, id: sessionId, log });
      let asked: readonly [number, number] = [0, 0];
      const orchestrator = orchestratorOf(() => {
        asked = [performance.now(), cpuNow()];
        return { text: 'Done.' };
      });
      const start = [performance.now(), cpuNow()] as const;
      await orchestrator.chat('go', { sessionId });
      if (round === 0) continue;
      wall[kind].push(asked[0] - start[0]);
      cpu[kind].push(asked[1] - start[1]);
    }
  }
  const added = ({ fresh, resumed }: typeof wall) => median(resumed) - median(fresh);
  report('what a resume of 1,000 messages adds to the first request', added(wall), 20);
  report('the same in processor time', added(cpu), 20);
}

function orchestratorOf(
  script: ConstructorParameters<typeof ScriptedProvider>[0]['script'],
  settings = {},
): AgentOrchestrator {
  return new AgentOrchestrator({
    provider: new ScriptedProvider({ script }),
    model: 'script',
    store: { ...store, close: async () => {} },
    cwd: folder,
    environment: {},
    settings,
  });
}
