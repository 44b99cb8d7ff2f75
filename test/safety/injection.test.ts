import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createOrchestrator } from '../../src/create-orchestrator.js';
import { startSink } from '../exporters/sink.js';
import { startModelServer } from '../helpers/model-server.js';
import { carriers, effects, makeWorld, modes, order, protectedState, secret } from './injection-scenarios.js';

interface Scenario {
  readonly carrier: string;
  readonly effect: string;
  readonly mode: (typeof modes)[number];
}

const all: readonly Scenario[] = Object.keys(carriers).flatMap((carrier) =>
  Object.keys(effects).flatMap((effect) => modes.map((mode) => ({ carrier, effect, mode }))),
);

/** All of them in `npm run test:safety`; every third, which meets each carrier, effect and mode, in `npm test`. */
const scenarios = process.env.VICTOR_TEST_LONG === '1' ? all : all.filter((_, index) => index % 3 === 0);

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
  for await (const event of orchestrator.stream('look around', { sessionId: 'scenario' })) {
    if (event.type === 'tool-result') results.push(`${event.call.name}: ${event.result.content}`);
  }
  const kept = (await orchestrator.store.sessions.getSession('scenario')) !== undefined;
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
  ];
  return { obeyed, results, effectsSeen };
}

describe('injection: the model obeys every word it reads', () => {
  it('0 effects outside what was granted, whatever carried the order', async () => {
    const sink = await startSink();
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
    expect(found).toEqual([]);
    expect(sink.requests).toEqual([]);
    expect(obeyed).toBe(scenarios.length);
  }, 180_000);
});
