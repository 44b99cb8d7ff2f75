import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import type { VictorEvent } from '../../src/core/event.js';
import { createOrchestrator } from '../../src/create-orchestrator.js';
import type { AgentOrchestrator } from '../../src/orchestrator.js';
import {
  type ModelServer,
  type ServerScript,
  type ServerStep,
  startModelServer,
} from '../helpers/model-server.js';
import { cleanEnvironment, runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';
import { collect, ofType } from '../helpers/scripted-orchestrator.js';

type Script = readonly ServerScript[] | (() => ServerStep);

async function serve(script: Script): Promise<ModelServer> {
  const server = await startModelServer(script);
  onTestFinished(() => server.close());
  return server;
}

/** Anthropic's dialect first, then OpenAI's, each with a server of its own, in a folder with settings of the user's. */
async function pair(first: Script, second: Script, settings: Record<string, unknown> = {}) {
  const [claude, gpt] = [await serve(first), await serve(second)];
  const cwd = temporaryDirectory();
  const home = temporaryDirectory();
  const env = cleanEnvironment({
    VICTOR_HOME: home,
    ANTHROPIC_API_KEY: 'key-of-anthropic',
    ANTHROPIC_BASE_URL: claude.url,
    OPENAI_API_KEY: 'key-of-openai',
    OPENAI_BASE_URL: gpt.openAIUrl,
  });
  const all = { model: 'anthropic/claude-sonnet-4-5', fallback: ['openai/gpt-4o'], ...settings };
  writeFileSync(join(home, 'config.json'), JSON.stringify(all), { mode: 0o600 });
  return { claude, gpt, cwd, env };
}

async function orchestratorOf({ cwd, env }: Awaited<ReturnType<typeof pair>>): Promise<AgentOrchestrator> {
  const orchestrator = await createOrchestrator({ cwd, environment: env, persist: false });
  onTestFinished(() => orchestrator.close());
  return orchestrator;
}

const overloaded = (): ServerStep => ({ error: { kind: 'overloaded', message: 'Overloaded' } });
const pass = { text: 'I am the other one.' };

function fallbacks(events: readonly VictorEvent[]) {
  return ofType(events, 'provider-fallback').map(({ from, to }) => `${from} -> ${to}`);
}

describe('when the provider cannot answer', () => {
  it('V03: a fallback answers after its share of the six requests, and a line says so', async () => {
    const { claude, gpt, cwd, env } = await pair(overloaded, [pass]);
    const { code, stdout, stderr } = await runVictor(['ask', 'hi'], { cwd, env });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'I am the other one.\n' });
    expect(claude.requests).toHaveLength(3);
    expect(gpt.requests).toHaveLength(1);
    expect(stderr).toMatch(/^victor: .*Overloaded.* Asking again in \d+ s\.$/m);
    expect(stderr).toMatch(/^victor: .*openai\/gpt-4o is asked instead of anthropic\/claude-sonnet-4-5\.$/m);
    expect(gpt.requests[0]!.headers.authorization).toBe('Bearer key-of-openai');
  });

  it('V03: a fault of all of them costs six requests, and the last failure is told', async () => {
    const { claude, gpt, cwd, env } = await pair(overloaded, () => ({ status: 503, body: 'no' }));
    const { code, stdout, stderr } = await runVictor(['ask', 'hi'], { cwd, env });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect([claude.requests.length, gpt.requests.length]).toEqual([3, 3]);
    expect(stderr.trim().split('\n').at(-1)).toContain('openai answered with status 503');
  });

  it('V03: four candidates get six requests of a lasting fault between them, those for a summary included', async () => {
    let broken = false;
    const words = 'word '.repeat(800);
    const script = () =>
      broken ? { status: 503, headers: { 'retry-after-ms': '1' }, body: {} } : { text: words };
    const setup = await pair(script, script, {
      fallback: ['openai/gpt-4o', 'openai/gpt-4.1', 'openai/o3'],
      compaction: { strategy: 'summarize', threshold: 0.5 },
      contextWindow: 16_000,
      maxTokens: 1_000,
    });
    const orchestrator = await orchestratorOf(setup);
    for (let turn = 0; turn < 6; turn += 1) await orchestrator.chat(words);
    broken = true;
    const before = setup.claude.requests.length;
    const events: VictorEvent[] = [];
    const turn = async () => {
      for await (const event of orchestrator.stream(words.repeat(4))) events.push(event);
    };
    await expect(turn()).rejects.toThrow('503');
    const requests = [...setup.claude.requests.slice(before), ...setup.gpt.requests];
    const summaries = requests.filter(({ body }) => body.tools === undefined);
    expect(summaries).toHaveLength(3);
    expect(requests).toHaveLength(6);
  });

  it('V02: a key that is refused passes to the fallback at once; a wrong request does not', async () => {
    const refused = await pair(() => ({ status: 401, body: { error: { message: 'bad key' } } }), [pass]);
    expect(await runVictor(['ask', 'hi'], refused)).toMatchObject({ code: 0 });
    expect([refused.claude.requests.length, refused.gpt.requests.length]).toEqual([1, 1]);
    const wrong = await pair(() => ({ status: 400, body: { error: { message: 'wrong' } } }), [pass]);
    expect(await runVictor(['ask', 'hi'], wrong)).toMatchObject({ code: 1 });
    expect([wrong.claude.requests.length, wrong.gpt.requests.length]).toEqual([1, 0]);
  });

  it('V24: the history of the other dialect is translated, with its calls and results paired', async () => {
    const look = { text: 'I look.', toolCalls: [{ name: 'Read', input: { path: 'a.txt' }, id: 'toolu_1' }] };
    const setup = await pair([look, overloaded(), overloaded(), overloaded()], [pass]);
    writeFileSync(join(setup.cwd, 'a.txt'), 'hello\n');
    const orchestrator = await orchestratorOf(setup);
    const events = await collect(orchestrator.stream('read a.txt'));
    expect(fallbacks(events)).toEqual(['anthropic/claude-sonnet-4-5 -> openai/gpt-4o']);
    const { messages } = setup.gpt.requests[0]!.body;
    const [assistant, result] = messages.slice(-2);
    expect(assistant).toMatchObject({ role: 'assistant', content: 'I look.' });
    expect(result).toMatchObject({ role: 'tool', tool_call_id: assistant.tool_calls[0].id });
    expect(ofType(events, 'tool-result')).toHaveLength(1);
    const ended = ofType(events, 'request-end').at(-1);
    expect(ended).toMatchObject({ provider: 'openai', model: 'gpt-4o', contextWindow: 128_000 });
    expect(ofType(events, 'turn-end')[0]).toMatchObject({ provider: 'openai', model: 'gpt-4o' });
  });

  it('what a fallback costs is counted at its own price', async () => {
    const usage = { inputTokens: 1_000_000, outputTokens: 0 };
    const prices = {
      'claude-sonnet-4-5': { input: 3, output: 15 },
      'openai/gpt-4o': { input: 7, output: 10 },
    };
    const setup = await pair(() => ({ status: 401, body: {} }), [{ ...pass, usage }], { prices });
    const orchestrator = await orchestratorOf(setup);
    expect((await orchestrator.chat('hi')).costUsd).toBe(7);
  });

  it('who failed for good is left alone for a while, and the next turns go straight to the fallback', async () => {
    const setup = await pair(overloaded, () => pass);
    const orchestrator = await orchestratorOf(setup);
    for (let turn = 0; turn < 4; turn += 1) await orchestrator.chat('hi');
    expect([setup.claude.requests.length, setup.gpt.requests.length]).toEqual([3, 4]);
    expect(orchestrator.coordinators.provider.current(orchestrator.sessionId)).toMatchObject({
      provider: 'openai',
    });
    // Another session has the same providers.
    await orchestrator.chat('hi', { sessionId: 'other' });
    expect(setup.claude.requests).toHaveLength(3);
  });

  it('without a fallback who failed for good gets one request a turn for a while, not six', async () => {
    const setup = await pair(overloaded, () => pass, { fallback: [], network: { attempts: 2 } });
    const orchestrator = await orchestratorOf(setup);
    for (let turn = 0; turn < 3; turn += 1)
      await expect(orchestrator.chat('hi')).rejects.toThrow('Overloaded');
    expect(setup.claude.requests).toHaveLength(4);
  });

  it('a fallback without a key is left out and told at the start, and does not stop what works', async () => {
    const { cwd, env } = await pair([pass], [pass], { fallback: ['groq/some-model', 'openai/gpt-4o'] });
    const { code, stderr } = await runVictor(['ask', 'hi'], { cwd, env });
    expect(code).toBe(0);
    expect(stderr).toContain('The fallback groq/some-model cannot be asked');
    expect(stderr).toContain('GROQ_API_KEY');
  });

  it('an answer that broke off is gone on with by the fallback when its own provider does not come back', async () => {
    const cut: ServerStep = { text: 'The answer is forty-', error: { kind: 'network', message: 'cut' } };
    const setup = await pair([cut, ...Array.from({ length: 9 }, overloaded)], [{ text: 'two.' }]);
    const { code, stdout } = await runVictor(['ask', 'hi'], setup);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'The answer is forty-two.\n' });
    expect([setup.claude.requests.length, setup.gpt.requests.length]).toEqual([3, 1]);
    const { messages } = setup.gpt.requests[0]!.body;
    expect(messages.at(-2)).toEqual({ role: 'assistant', content: 'The answer is forty-' });
    expect(messages.at(-1)).toMatchObject({ role: 'user', content: expect.stringContaining('broke off') });
  });
});

describe('--patient', () => {
  it('goes on past six requests while the fault may pass, with a heartbeat on stderr, and answers in the end', async () => {
    let request = 0;
    // The line comes in the middle of the first wait, or it would depend on the moment what it names.
    const wait = () => ({ 'retry-after-ms': request === 1 ? '14000' : '1' });
    const server = await serve(() => (request++ < 9 ? { status: 429, headers: wait(), body: {} } : pass));
    const env = { ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: server.url };
    const { code, stdout, stderr } = await runVictor(['ask', 'hi', '--patient', '1'], { env });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'I am the other one.\n' });
    expect(server.requests).toHaveLength(10);
    expect(stderr).toMatch(
      /^victor: still at it after 1\d s, waiting for anthropic, which is asked again \(1 failed so far\)\.$/m,
    );
  });

  it('ends at its deadline, and at once for what stays wrong', async () => {
    const server = await serve(() => ({ status: 503, body: {} }));
    const env = { ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: server.url };
    const late = await runVictor(['ask', 'hi', '--patient', '0.05'], { env });
    expect(late.code).toBe(1);
    // Of its three seconds; a wait of several minutes would be the next.
    expect(server.requests.at(-1)!.receivedAt - server.requests[0]!.receivedAt).toBeLessThan(10_000);
    const refusing = await serve(() => ({ status: 401, body: {} }));
    const refused = await runVictor(['ask', 'hi', '--patient'], {
      env: { ...env, ANTHROPIC_BASE_URL: refusing.url },
    });
    expect(refused.code).toBe(1);
    expect(refusing.requests).toHaveLength(1);
  });
});

it('the settings of patience reach the connection: a server that says nothing is given up after idleTimeoutMs', async () => {
  const { cwd, env } = await pair(
    () => ({ stallBeforeHeaders: true }),
    () => ({ stallAfterBytes: 400, ...pass }),
    {
      network: { attempts: 2, idleTimeoutMs: 2_000 },
    },
  );
  const { code, stderr } = await runVictor(['ask', 'hi'], { cwd, env });
  expect(code).toBe(1);
  expect(stderr).toContain('did not begin to answer for 2 s');
  expect(stderr).toContain('stopped sending for 2 s');
  expect(readFileSync(join(env.VICTOR_HOME!, 'config.json'), 'utf8')).toContain('idleTimeoutMs');
});
