import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { createOrchestrator } from '../../src/create-orchestrator.js';
import { cosine } from '../../src/embedding/cosine.js';
import { createOpenAIEmbedder } from '../../src/embedding/openai.js';
import { RememberedVectors } from '../../src/embedding/remembered.js';
import { answer, type Instead, startEmbeddingServer } from '../helpers/embedding-server.js';
import { runVictor } from '../helpers/run-victor.js';
import { collect, ofType, scriptedOrchestrator } from '../helpers/scripted-orchestrator.js';
import { makeWorkspace } from '../helpers/workspace.js';

async function embedderOver(
  instead?: Instead,
  options: { apiKeyVariable?: string; dimensions?: number } = {},
) {
  const server = await startEmbeddingServer(instead);
  const environment = { EMBEDDING_KEY: 'sk-embedding-key' };
  const embedder = createOpenAIEmbedder(
    { baseURL: server.baseURL, model: 'small', ...options },
    { environment },
  );
  return { server, embedder };
}

describe('an embedder over the embeddings API of OpenAI', () => {
  it('gives each text the vector with its index, of length 1', async () => {
    const { embedder, server } = await embedderOver();
    const [money, invoice, rain] = await embedder.embed(['money', 'an invoice', 'rain']);
    expect(cosine(money!, invoice!)).toBeGreaterThan(0.99);
    expect(cosine(money!, rain!)).toBeLessThan(0.1);
    for (const vector of [money!, invoice!, rain!]) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    expect(server.requests).toMatchObject([
      {
        path: 'POST /v1/embeddings',
        authorization: undefined,
        body: { model: 'small', encoding_format: 'float' },
      },
    ]);
    expect(embedder.dimensions).toBe(5);
  });

  it('sends the key that the environment has, and the dimensions that are wanted', async () => {
    const { embedder, server } = await embedderOver(undefined, {
      apiKeyVariable: 'EMBEDDING_KEY',
      dimensions: 5,
    });
    await embedder.embed(['money']);
    expect(server.requests[0]).toMatchObject({
      authorization: 'Bearer sk-embedding-key',
      body: { dimensions: 5 },
    });
  });

  it('asks for each text once, also when it comes again, and for an empty one never', async () => {
    const { embedder, server } = await embedderOver();
    const first = await embedder.embed(['money', '', 'rain', 'money', '  ']);
    expect(server.texts()).toEqual(['money', 'rain']);
    expect(first[1]).toEqual(new Float32Array(5));
    expect(first[4]).toEqual(new Float32Array(5));
    expect(first[0]).toEqual(first[3]);
    expect(await embedder.embed(['rain', 'money', 'file'])).toHaveLength(3);
    expect(server.texts()).toEqual(['money', 'rain', 'file']);
  });

  it('sends at most 100 texts in one request, and shortens long ones', async () => {
    const { embedder, server } = await embedderOver();
    const texts = Array.from(
      { length: 250 },
      (_, index) => `text ${index} about ${index % 2 ? 'money' : 'rain'}`,
    );
    const vectors = await embedder.embed([...texts, `rain ${'x'.repeat(100_000)} money`]);
    expect(server.requests.map(({ body }) => body.input.length)).toEqual([100, 100, 51]);
    expect(Math.max(...server.texts().map(({ length }) => length))).toBeLessThan(9_000);
    texts.forEach((_, index) => {
      expect(vectors[index]![index % 2 ? 0 : 1]).toBeGreaterThan(0.9);
    });
  });

  it.each([429, 500, 503])('asks again after a %d, and no sooner than the server says', async (status) => {
    let left = 2;
    const { embedder, server } = await embedderOver((_, response) => {
      if (left-- <= 0) return undefined;
      return answer(response, status, {}, { 'retry-after-ms': '30' });
    });
    const startedAt = performance.now();
    expect(await embedder.embed(['money'])).toHaveLength(1);
    expect(server.requests).toHaveLength(3);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(58);
  });

  it.each<[string, Instead, number, RegExp]>([
    [
      'a key that is not accepted',
      (_, one) => answer(one, 401, {}),
      1,
      /127\.0\.0\.1:\d+ answered 401 \(the key/,
    ],
    ['a model that does not exist', (_, one) => answer(one, 404, {}), 1, /answered 404 \(no such model/],
    [
      'a server that always fails',
      (_, one) => answer(one, 500, {}, { 'retry-after-ms': '1' }),
      3,
      /answered 500/,
    ],
    ['a redirect', (_, one) => answer(one, 302, '', { location: 'http://127.0.0.1:9/' }), 1, /answered 302/],
    ['no JSON', (_, one) => answer(one, 200, '<html>'), 1, /did not answer one vector/],
    [
      'too few vectors',
      (_, one) => answer(one, 200, { data: [{ index: 0, embedding: [1] }] }),
      1,
      /one vector/,
    ],
    [
      'vectors of several lengths',
      (_, one) => answer(one, 200, { data: [{ embedding: [1] }, { embedding: [1, 2] }] }),
      1,
      /one length/,
    ],
    [
      'no numbers',
      (_, one) => answer(one, 200, { data: [{ embedding: ['1'] }, { embedding: [null] }] }),
      1,
      /one vector/,
    ],
  ])('rejects with the host and what to look at for %s', async (_, instead, requests, message) => {
    const { embedder, server } = await embedderOver(instead, { apiKeyVariable: 'EMBEDDING_KEY' });
    const failure = await Promise.resolve(embedder.embed(['money', 'rain'])).catch((error: Error) => error);
    expect(failure).toMatchObject({ code: 'extension', message: expect.stringMatching(message) });
    expect(String(failure)).toContain('See the setting embedder.');
    expect(String(failure)).not.toContain('sk-embedding-key');
    expect(server.requests).toHaveLength(requests);
  });

  it('a server that is not there, and a key that is not set, are named', async () => {
    const at = (options: object) =>
      createOpenAIEmbedder({ baseURL: 'http://127.0.0.1:9/v1', model: 'm', ...options }, { environment: {} });
    await expect(at({}).embed(['x'])).rejects.toThrow('127.0.0.1:9: ECONNREFUSED');
    await expect(at({ apiKeyVariable: 'NO_KEY' }).embed(['x'])).rejects.toThrow('NO_KEY is not set');
  });

  it('from a workspace it goes to no address that clouds serve credentials from', async () => {
    const options = { baseURL: 'http://169.254.169.254/v1', model: 'm' };
    const embedder = createOpenAIEmbedder(options, { environment: {}, refused: 'metadata' });
    await expect(embedder.embed(['x'])).rejects.toThrow('which is refused');
  });
});

it('remembered vectors are as many as may be, and the least recently used go first', () => {
  const known = new RememberedVectors(2);
  known.set('a', Float32Array.of(1));
  known.set('b', Float32Array.of(2));
  expect(known.get('a')).toEqual(Float32Array.of(1));
  known.set('c', Float32Array.of(3));
  expect(known.get('b')).toBeUndefined();
  expect(known.get('a')).toEqual(Float32Array.of(1));
  expect(known.size).toBe(2);
});

describe('the setting embedder', () => {
  const tool = (name: string, description: string) => ({
    ...{ name, description, kind: 'read' as const, schema: z.object({}) },
    describe: () => '',
    execute: async () => ({ content: 'ok' }),
  });
  const tools = [
    tool('alpha', 'All about rain.'),
    tool('beta', 'All about invoices.'),
    tool('gamma', 'A language.'),
  ];

  it('sends requests and tools to the server for semantic selection, and what it says decides', async () => {
    const server = await startEmbeddingServer();
    const { orchestrator, requests } = await scriptedOrchestrator(() => ({ text: 'ok' }), {
      tools,
      settings: {
        embedder: ['openai', { baseURL: server.baseURL, model: 'small' }],
        toolSelection: { strategy: 'semantic', maxTools: 1 },
      },
    });
    await orchestrator.chat('how do I pay');
    expect(requests[0]!.tools.map(({ name }) => name)).toEqual(['find_tools', 'beta']);
    expect(server.texts()).toContain('how do I pay');
  });

  it.each(['semantic', 'task-aware'])('serves the compaction %s, too', async (strategy) => {
    const server = await startEmbeddingServer();
    const { orchestrator } = await scriptedOrchestrator(() => ({ text: `rain ${'word '.repeat(600)}` }), {
      settings: {
        embedder: ['openai', { baseURL: server.baseURL, model: 'small' }],
        compaction: { strategy },
        contextWindow: 20_000,
      },
    });
    const events = [];
    for (let turn = 0; turn < 25; turn++)
      events.push(...(await collect(orchestrator.stream(`question ${turn}`))));
    const [first] = ofType(events, 'compaction');
    expect(first).toBeDefined();
    expect(ofType(events, 'extension-failure')).toEqual([]);
    expect(server.texts().some((text) => text.includes('question 1'))).toBe(true);
  });

  it('where the server fails, keyword selects and recent compacts, and each is said', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator(() => ({ text: 'word '.repeat(600) }), {
      tools,
      settings: {
        embedder: ['openai', { baseURL: 'http://127.0.0.1:9/v1', model: 'small' }],
        toolSelection: { strategy: 'hybrid', maxTools: 1 },
        compaction: { strategy: 'semantic' },
        contextWindow: 20_000,
      },
    });
    const events = [];
    for (let turn = 0; turn < 25; turn++)
      events.push(...(await collect(orchestrator.stream(`invoices ${turn}`))));
    const failures = ofType(events, 'extension-failure').map(({ failure }) => failure);
    expect(failures.filter(({ kind }) => kind === 'tool-selection')).toEqual([
      expect.objectContaining({
        name: 'hybrid',
        message: expect.stringContaining('127.0.0.1:9: ECONNREFUSED'),
        fallback: 'keyword selection for the rest of the session',
      }),
    ]);
    expect(failures.filter(({ kind }) => kind === 'compaction').length).toBeGreaterThan(0);
    expect(requests[0]!.tools.map(({ name }) => name)).toEqual(['find_tools', 'beta']);
    expect(requests).toHaveLength(25);
  });

  it('hash and static rank differently, and a new one in the settings file serves from the next turn on', async () => {
    const home = await makeWorkspace({
      'config.yaml': 'embedder: hash\ntoolSelection: { strategy: semantic }',
    });
    const orchestrator = await createOrchestrator({
      cwd: await makeWorkspace(),
      environment: { VICTOR_HOME: home },
      persist: false,
    });
    onTestFinished(() => orchestrator.close());
    const scores = async () => {
      const request = { sessionId: 'one', text: 'purchase an automobile', tools };
      return (await orchestrator.coordinators.toolSelection.rank!(request)).scores;
    };
    const before = await scores();
    await writeFile(join(home, 'config.yaml'), 'embedder: static\ntoolSelection: { strategy: semantic }');
    const { changes } = await orchestrator.reload();
    expect(changes).toMatchObject([{ key: 'embedder', to: 'static' }]);
    expect(await scores()).not.toEqual(before);
  });

  it('is used by the command line from the user settings, and not from a project that nobody trusts', async () => {
    const server = await startEmbeddingServer();
    const setting = `embedder: [openai, { baseURL: "${server.baseURL}", model: small }]\n`;
    const argv = ['tools', 'rank', 'rainy weather', '--strategy', 'semantic'];
    const project = await makeWorkspace({ '.victorrc': setting });
    const untrusted = await runVictor(argv, { cwd: project });
    expect(untrusted.stderr).toMatch(/ignored until this folder is trusted: embedder/);
    expect(server.requests).toEqual([]);
    const trusted = await runVictor([...argv, '--trust'], { cwd: project });
    expect(trusted.code).toBe(0);
    expect(server.texts()).toContain('rainy weather');
    const user = await runVictor(argv, {
      env: { VICTOR_HOME: await makeWorkspace({ 'config.yaml': setting }) },
    });
    expect(user.code).toBe(0);
    expect(server.texts().filter((text) => text === 'rainy weather')).toHaveLength(2);
  });

  it('a key that would travel unencrypted is refused at the start', async () => {
    const setting =
      'embedder: [openai, { baseURL: "http://models.example/v1", model: m, apiKeyVariable: KEY }]\n';
    const home = await makeWorkspace({ 'config.yaml': setting });
    const { code, stderr } = await runVictor(['tools', 'rank', 'x'], { env: { VICTOR_HOME: home } });
    expect(code).toBe(2);
    expect(stderr).toMatch(/embedder.*(?:unencrypted|expected static, hash)/s);
  });
});
