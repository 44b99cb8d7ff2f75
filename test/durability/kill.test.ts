import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { VictorEvent } from '../../src/core/event.js';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';
import { type ModelServer, startModelServer } from '../helpers/model-server.js';
import { recordCount } from '../helpers/record-count.js';
import { startVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { makeWorkspace } from '../helpers/workspace.js';
import { pointsOf } from './must-hold.js';

const session = 'survivor';

/** Where a turn is cut: as soon as the user's message is acknowledged, while the model speaks, after a tool has run. */
const killPoints: ((event: VictorEvent) => boolean)[] = [
  (event) => event.type === 'message' && event.message.role === 'user',
  (event) => event.type === 'text-delta',
  (event) => event.type === 'message' && event.message.role === 'tool',
];

interface Block {
  type: string;
  id?: string;
  tool_use_id?: string;
}

/** Tool calls of a request that have no result right behind them. */
function unpaired(messages: readonly { content: string | Block[] }[]): string[] {
  const blocks = messages.map(({ content }) => (typeof content === 'string' ? [] : content));
  return blocks.flatMap((own, index) => {
    const answered = new Set(blocks[index + 1]?.map((block) => block.tool_use_id));
    return own.flatMap((block) => (block.type === 'tool_use' && !answered.has(block.id) ? [block.id!] : []));
  });
}

it('D01: a session survives kill -9 at three points of each turn with every acknowledged message present', async () => {
  const turns = Math.ceil(pointsOf('kills streaming') / killPoints.length);
  const cwd = await makeWorkspace({ 'notes.txt': 'remember the milk\n' });
  const home = temporaryDirectory('victor-kill-');
  const invalid: string[] = [];
  let killing = false;
  const server = await startModelServer((body: unknown) => {
    const { messages } = body as { messages: { role: string; content: string | Block[] }[] };
    invalid.push(...unpaired(messages));
    const last = messages.at(-1)!.content;
    const answersTool = typeof last !== 'string' && last.at(-1)?.type === 'tool_result';
    // While a kill is on its way the turn has no end, however late it comes.
    if (answersTool) return killing ? { stallBeforeHeaders: true } : { text: 'the milk is remembered' };
    return {
      text: 'let me look',
      chunks: 3,
      delayMs: 3,
      toolCalls: [{ name: 'Read', input: { path: 'notes.txt' } }],
    };
  });

  const acknowledged = new Set<string>();
  let kills = 0;
  const ask = async (turn: number, killAt?: (event: VictorEvent) => boolean) => {
    killing = killAt !== undefined;
    const argv = ['ask', `turn ${turn}`, '--session-id', session, '--output-format', 'stream-json'];
    const child = startVictor(argv, { cwd, env: environment(server, home) });
    const exited = once(child, 'exit');
    for await (const line of createInterface({ input: child.stdout! })) {
      const event = parse(line);
      if (event?.type === 'message') acknowledged.add(event.message.id);
      if (event && killAt?.(event)) child.kill('SIGKILL');
    }
    const [code, signal] = await exited;
    if (signal === 'SIGKILL') kills += 1;
    else expect(code).toBe(0);
  };
  for (let turn = 1; turn <= turns; turn++) {
    for (const killAt of killPoints) await ask(turn, killAt);
    await ask(turn);
  }
  await server.close();

  const file = join(home, 'victor.db');
  const store = await openSqliteStore({ file });
  const log = await store.sessions.readLog(session);
  await store.close();
  const stored = new Set(log.flatMap(({ entry }) => (entry.type === 'message' ? [entry.message.id] : [])));
  const lost = [...acknowledged].filter((id) => !stored.has(id));
  const database = new Database(file, { readonly: true });
  const integrity = database.pragma('integrity_check', { simple: true });
  database.close();

  recordCount({ row: 'kills streaming', tried: kills, found: lost.length + (integrity === 'ok' ? 0 : 1) });
  console.log(
    `${kills} kills, ${acknowledged.size} messages acknowledged, ${lost.length} lost, integrity ${integrity}`,
  );
  expect(kills).toBe(turns * killPoints.length);
  expect(lost).toEqual([]);
  expect(log.map(({ sequence }) => sequence)).toEqual(log.map((_, index) => index + 1));
  expect(integrity).toBe('ok');
  expect(invalid).toEqual([]);
}, 1_800_000);

function environment(server: ModelServer, home: string) {
  return { VICTOR_HOME: home, ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'test-key' };
}

/** A line that the kill cut in two is no acknowledgement. */
function parse(line: string): VictorEvent | undefined {
  try {
    return JSON.parse(line) as VictorEvent;
  } catch {
    return undefined;
  }
}
