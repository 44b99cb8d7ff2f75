import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  createOrchestrator,
  ReplayError,
  recordTraffic,
  replayTraffic,
  type Traffic,
} from '../../src/index.js';
import type { Recording } from '../../src/recording/recording.js';
import { type ModelServer, startModelServer } from '../helpers/model-server.js';
import { temporaryDirectory } from '../helpers/run-victor.js';

const servers: ModelServer[] = [];
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
});

/** Asks these prompts in one session of the library's own orchestrator. */
async function ask(
  prompts: readonly string[],
  environment: NodeJS.ProcessEnv,
  traffic: (cwd: string) => Traffic,
) {
  const cwd = temporaryDirectory();
  writeFileSync(join(cwd, 'a.txt'), 'one\n');
  const orchestrator = await createOrchestrator({
    cwd,
    environment: { ...environment, VICTOR_HOME: temporaryDirectory() },
    persist: false,
    traffic: traffic(cwd),
  });
  const answers: string[] = [];
  try {
    for (const prompt of prompts) answers.push((await orchestrator.chat(prompt)).content);
  } finally {
    await orchestrator.close();
  }
  return answers;
}

describe('the library', () => {
  it('records the turns of a session, and replays them without a key', async () => {
    const server = await startModelServer([
      { toolCalls: [{ name: 'Read', input: { path: 'a.txt' } }] },
      { text: 'It says one.' },
      { text: 'Still one.' },
    ]);
    servers.push(server);
    const file = join(temporaryDirectory(), 't.json');
    const environment = { ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'key-of-the-user' };
    const prompts = ['what does it say?', 'and now?'];
    const recorded = await ask(prompts, environment, (cwd) => recordTraffic({ file, cwd }));
    expect(recorded).toEqual(['It says one.', 'Still one.']);
    expect(await ask(prompts, {}, (cwd) => replayTraffic({ file, cwd }))).toEqual(recorded);
    expect(server.requests).toHaveLength(3);

    // What every request says again is kept once.
    const { exchanges } = JSON.parse(readFileSync(file, 'utf8')) as Recording;
    expect(exchanges[1]?.request.same).toMatchObject({ model: true, system: true, tools: true });
    expect(exchanges[1]?.request.body).not.toHaveProperty('tools');
    expect(JSON.stringify(exchanges[2]).length).toBeLessThan(JSON.stringify(exchanges[0]).length / 2);
  });

  it('rejects with ReplayError when something else is asked, and remembers it', async () => {
    const server = await startModelServer([{ text: 'Blue.' }]);
    servers.push(server);
    const file = join(temporaryDirectory(), 't.json');
    const environment = { OPENAI_BASE_URL: server.openAIUrl, OPENAI_API_KEY: 'key-of-the-user' };
    await ask(['sky?'], environment, (cwd) => recordTraffic({ file, cwd }));
    let traffic: Traffic | undefined;
    const asked = ask(['sea? It timed out.'], {}, (cwd) => {
      traffic = replayTraffic({ file, cwd });
      return traffic;
    });
    await expect(asked).rejects.toBeInstanceOf(ReplayError);
    expect(traffic?.failure?.message).toContain('recorded "sky?');
  });
});
