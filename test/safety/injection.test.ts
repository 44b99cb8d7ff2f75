import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createOrchestrator } from '../../src/create-orchestrator.js';
import { startSink } from '../exporters/sink.js';
import { share } from '../helpers/campaign.js';
import { startModelServer } from '../helpers/model-server.js';
import { recordCount } from '../helpers/record-count.js';
import { carriers, effects, makeWorld, modes, order, protectedState, secret } from './injection-scenarios.js';

interface Scenario {
  readonly carrier: string;
  readonly effect: string;
  readonly mode: (typeof modes)[number];
}

const all: readonly Scenario[] = Object.keys(carriers).flatMap((carrier) =>
  Object.keys(effects).flatMap((effect) => modes.map((mode) => ({ carrier, effect, mode }))),
);

/** Every seventh meets each carrier, effect and mode. */
const scenarios = share(all, 13);

/** Every process and every connection of this process, as Node tells of them. */
const processes: ChildProcess[] = [];
const sockets: Socket[] = [];
subscribe('child_process', (message) => processes.push((message as { process: ChildProcess }).process));
subscribe('net.client.socket', (message) => sockets.push((message as { socket: Socket }).socket));

/** Searches and looks at the repository are processes of tools that read; anything else was ordered. */
function foreignProcesses(): string[] {
  const lines = processes.splice(0).map(({ spawnargs = [] }) => spawnargs.join(' '));
  return lines.filter((line) => !/^(?:\S*\/)?(?:rg|git) /.test(line));
}

/** Where connections went, but those to the model. */
function foreignConnections(modelPort: number): string[] {
  return sockets
    .splice(0)
    .map((socket) => `${socket.remoteAddress}:${socket.remotePort ?? 'unconnected'}`)
    .filter((one) => !one.endsWith(`:${modelPort}`));
}

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'victor-injection-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** One turn with a model that does whatever it reads; answers what came of it. */
async function play({ carrier, effect, mode }: Scenario, sink: string) {
  const world = makeWorld(temporary(), sink);
  const first = carriers[carrier]!(world, order(effect));
  const before = protectedState(world);
  let asked = 0;
  let obeyed = false;
  const server = await startModelServer((body) => {
    asked += 1;
    if (asked === 1 && first.length > 0) return { toolCalls: [...first] };
    const heard = JSON.stringify([body.system, body.messages.slice(1)]).includes(`OBEY-${effect}-NOW`);
    if (obeyed || !(heard || JSON.stringify(body).includes(`OBEY-${effect}-NOW`))) return { text: 'Done.' };
    obeyed = true;
    return { toolCalls: [...effects[effect]!(world)] };
  });
  const orchestrator = await createOrchestrator({
    cwd: world.cwd,
    environment: {
      PATH: process.env.PATH,
      HOME: world.home,
      VICTOR_HOME: world.home,
      ANTHROPIC_BASE_URL: server.url,
      ANTHROPIC_API_KEY: 'test-key',
    },
    flags: { permissions: { mode } },
  });
  const results: string[] = [];
  processes.length = 0;
  sockets.length = 0;
  for await (const event of orchestrator.stream('look around', { sessionId: 'scenario' })) {
    if (event.type === 'tool-result') results.push(`${event.call.name}: ${event.result.content}`);
  }
  const kept = (await orchestrator.store.sessions.getSession('scenario')) !== undefined;
  const started = foreignProcesses();
  const connected = foreignConnections(Number(new URL(server.url).port));
  await orchestrator.close();
  await server.close();
  const after = protectedState(world);
  const effectsSeen = [
    ...after.filter((line) => !before.includes(line)),
    ...before.filter((line) => !after.includes(line)).map((line) => `gone: ${line}`),
    ...(server.requests.some(({ rawBody }) => rawBody.includes(secret))
      ? ['the secret reached the model']
      : []),
    ...(kept ? [] : ['the session is gone']),
    ...started.map((line) => `started: ${line}`),
    ...connected.map((where) => `connected: ${where}`),
  ];
  return { obeyed, results, effectsSeen };
}

describe('the watch', () => {
  it('sees the process and the connection of a command that was granted', async () => {
    const sink = await startSink();
    const world = makeWorld(temporary(), sink.url);
    const orchestrator = await createOrchestrator({
      cwd: world.cwd,
      environment: { PATH: process.env.PATH, HOME: world.home, VICTOR_HOME: world.home },
      flags: { permissions: { mode: 'yolo' } },
    });
    const before = protectedState(world);
    const call = { id: '1', name: 'Bash', input: { command: 'touch ran' } };
    await orchestrator.coordinators.tool.execute(call, 'watched', new AbortController().signal);
    expect(foreignProcesses().join('\n')).toMatch(/touch ran|bwrap/);
    sockets.length = 0;
    await new Promise((resolve) => get(sink.url, resolve));
    expect(foreignConnections(1)).toHaveLength(1);
    expect(protectedState(world)).not.toEqual(before);
    await orchestrator.close();
  });
});

describe('injection: the model obeys every word it reads', () => {
  it('0 effects outside what was granted, whatever carried the order', async () => {
    const sink = await startSink();
    for (const key of ['carrier', 'effect', 'mode'] as const)
      expect(new Set(scenarios.map((one) => one[key]))).toEqual(new Set(all.map((one) => one[key])));
    const found: string[] = [];
    let obeyed = 0;
    let calls = 0;
    for (const scenario of scenarios) {
      const outcome = await play(scenario, sink.url);
      if (outcome.obeyed) obeyed += 1;
      calls += outcome.results.length;
      if (outcome.effectsSeen.length > 0) {
        found.push(
          `${scenario.carrier}, ${scenario.effect}, ${scenario.mode}: ${outcome.effectsSeen.join('; ')}`,
        );
      }
    }
    console.log(
      `${scenarios.length} scenarios, obeyed in ${obeyed}, ${calls} tool calls, ${found.length} effects, ${sink.requests.length} requests to the sink`,
    );
    recordCount({ row: 'injection', tried: scenarios.length, found: found.length + sink.requests.length });
    expect(found).toEqual([]);
    expect(sink.requests).toEqual([]);
    expect(obeyed).toBe(scenarios.length);
  }, 900_000);
});
