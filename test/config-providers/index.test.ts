import { Client } from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { builtInConfigProviders } from '../../src/config-providers/index.js';
import { ConfigCoordinator } from '../../src/coordinators/config.js';
import type { ExtensionFailure } from '../../src/core/extension.js';
import { createOrchestrator } from '../../src/create-orchestrator.js';
import { scriptedModel } from '../helpers/ask-model.js';
import { startModelServer } from '../helpers/model-server.js';
import { postgresAvailable, startPostgres } from '../helpers/postgres.js';
import { collect, ofType } from '../helpers/scripted-orchestrator.js';
import { makeWorkspace } from '../helpers/workspace.js';
import { startConfigService } from './config-service.js';

/** What a model on loopback was asked with by an orchestrator that reads this `.victorrc`. */
async function open(configuration: object, variables: Record<string, string> = {}, trust = true) {
  const model = await startModelServer(() => ({ text: 'ok' }));
  onTestFinished(() => model.close());
  const environment = {
    VICTOR_HOME: await makeWorkspace(),
    ANTHROPIC_BASE_URL: model.url,
    ANTHROPIC_API_KEY: 'model-key',
    ...variables,
  };
  const cwd = await makeWorkspace({ '.victorrc': JSON.stringify({ model: 'm-file', ...configuration }) });
  const orchestrator = await createOrchestrator({ cwd, environment, trust, persist: false });
  onTestFinished(() => orchestrator.close());
  const ask = async (sessionId: string) => {
    const events = await collect(orchestrator.stream('hello', { sessionId }));
    const { model: name, max_tokens: maxTokens } = model.requests.at(-1)!.body;
    return { events, name, maxTokens, mode: orchestrator.coordinators.mode.current(sessionId) };
  };
  return { orchestrator, ask };
}

const red = { model: 'm-red', maxTokens: 77, permissions: { mode: 'plan' } };
const forRed = { name: 'm-red', maxTokens: 77, mode: 'plan' };
const fromFile = { name: 'm-file', maxTokens: 8192, mode: 'ask' };

describe('built-in config providers named in .victorrc', () => {
  it('http: a session works with what the service says of it, and another session with what the file says', async () => {
    const service = await startConfigService((request, response) => {
      if (request.url !== '/config/red') response.writeHead(404).end();
      else
        response.writeHead(request.headers.authorization === 'Bearer k' ? 200 : 401).end(JSON.stringify(red));
    });
    const entry = ['http', { url: service.url, apiKeyVariable: 'TEAM_KEY' }];
    const { ask } = await open({ configProviders: [entry] }, { TEAM_KEY: 'k' });
    expect(await ask('red')).toMatchObject(forRed);
    expect(await ask('blue')).toMatchObject(fromFile);
    expect(await ask('red')).toMatchObject(forRed);
  });

  it.skipIf(!postgresAvailable)(
    'postgres: a session works with what its row says, and one without a row with the file',
    async () => {
      const server = await startPostgres();
      onTestFinished(() => server.stop());
      const client = new Client({ connectionString: server.connectionString });
      await client.connect();
      await client.query('CREATE TABLE sessions (session_id text PRIMARY KEY, config jsonb)');
      await client.query('INSERT INTO sessions VALUES ($1, $2)', ['red', red]);
      await client.end();
      const { ask } = await open(
        { configProviders: ['postgres'] },
        { DATABASE_URL: server.connectionString },
      );
      expect(await ask('red')).toMatchObject(forRed);
      expect(await ask('blue')).toMatchObject(fromFile);

      // The same from the bundle, in a process that ends although the connection is idle.
      const model = await scriptedModel({ text: 'ok' });
      const result = await model.ask(['hello', '--trust', '--session-id', 'red'], {
        cwd: await makeWorkspace({ '.victorrc': 'configProviders: [postgres]' }),
        env: { DATABASE_URL: server.connectionString },
      });
      expect(result).toMatchObject({ code: 0, stdout: 'ok\n' });
      // The pool itself would close the connection after ten seconds, and the process would end then.
      const { receivedAt } = model.server.requests.at(-1)!;
      expect(performance.timeOrigin + performance.now() - receivedAt).toBeLessThan(8_000);
      expect(model.lastBody()).toMatchObject({ model: 'm-red', max_tokens: 77 });
    },
  );

  it('env: victor ask works with what the variables say, above the file and below flags', async () => {
    const model = await scriptedModel({ text: 'ok' });
    const files = {
      '.victorrc': 'model: m-file\nmaxTokens: 5\nconfigProviders: [[env, { prefix: TEAM_ }]]\n',
    };
    const options = { cwd: await makeWorkspace(files), env: { TEAM_MODEL: 'm-team', TEAM_MAX_TOKENS: '77' } };
    await model.ask(['hello', '--trust', '--no-session'], options);
    expect(model.lastBody()).toMatchObject({ model: 'm-team', max_tokens: 77 });
    await model.ask(['hello', '--trust', '--no-session', '-m', 'm-flag'], options);
    expect(model.lastBody()).toMatchObject({ model: 'm-flag', max_tokens: 77 });
  });

  it('an answer may make a session stricter and never freer', async () => {
    const service = await startConfigService((_, response) => {
      response.end(
        '{"maxTokens":9,"permissions":{"mode":"yolo","allow":["Bash"]},"credentialHosts":["x.example"]}',
      );
    });
    const { ask } = await open({ configProviders: [['http', { url: service.url }]] });
    expect(await ask('any')).toMatchObject({ ...fromFile, maxTokens: 9 });
  });

  it('in a folder that is not trusted none is asked, and a notice says what would be', async () => {
    const service = await startConfigService((_, response) => response.end(JSON.stringify(red)));
    const { orchestrator, ask } = await open(
      { configProviders: [['http', { url: service.url }]] },
      {},
      false,
    );
    expect(await ask('red')).toMatchObject({ maxTokens: 8192, mode: 'ask' });
    expect(service.requests).toEqual([]);
    expect(orchestrator.notices.join('\n')).toMatch(/configProviders.*victor trust/);
  });

  it('a service that is down is named in an event without its secrets, and the turn goes on with the next answer', async () => {
    const service = await startConfigService((_, response) => response.writeHead(500).end('k-secret'));
    const entry = ['http', { url: `${service.url}/p4th?token=s3cret`, apiKeyVariable: 'TEAM_KEY' }];
    const configProviders = [entry, ['env', { prefix: 'TEAM_SETTING_' }]];
    const { ask } = await open({ configProviders }, { TEAM_KEY: 'k-secret', TEAM_SETTING_MODEL: 'm-team' });
    const { events, name } = await ask('any');
    expect(name).toBe('m-team');
    expect(ofType(events, 'extension-failure').map(({ failure }) => failure)).toEqual([
      {
        kind: 'config-provider',
        name: 'http',
        message: `${new URL(service.url).host} answered with status 500`,
        fallback: 'the next provider was asked',
      },
    ]);
    expect(JSON.stringify(events)).not.toMatch(/k-secret|s3cret|p4th/);
  });

  it.each([
    [['http', { url: 'nowhere' }], /config provider "http".*http:\/\//],
    ['pg', /no config provider named "pg"/],
  ])('%j is refused at the start, and the error says what exists', async (entry, message) => {
    await expect(open({ configProviders: [entry] })).rejects.toThrow(message);
  });
});

describe('the order of built-in config providers', () => {
  async function ask(entries: readonly (readonly [string, Record<string, unknown>])[]) {
    const asked: string[] = [];
    const service = await startConfigService((request, response) => {
      const [, name] = request.url!.split('/');
      asked.push(name!);
      if (name === 'broken') response.writeHead(500).end();
      else response.end(name === 'empty' ? '{}' : JSON.stringify({ model: name }));
    });
    const builtIns = builtInConfigProviders({ TEAM_MODEL: 'variables' });
    const providers = entries.map(([name, { path, ...options }]) =>
      builtIns[name]!(path === undefined ? options : { ...options, url: `${service.url}/${path}` }),
    );
    const coordinator = new ConfigCoordinator({ providers });
    const failures: ExtensionFailure[] = [];
    coordinator.onExtensionFailure = (failure) => failures.push(failure);
    return { config: await coordinator.loadConfig('s'), asked, failures: failures.map(({ name }) => name) };
  }

  it('is that of the list while no priority is given: the first answer counts, and nobody after it is asked', async () => {
    expect(
      await ask([
        ['http', { path: 'one' }],
        ['env', { prefix: 'TEAM_' }],
        ['http', { path: 'two' }],
      ]),
    ).toEqual({
      config: { model: 'one' },
      asked: ['one'],
      failures: [],
    });
    expect(
      await ask([
        ['env', { prefix: 'TEAM_' }],
        ['http', { path: 'one' }],
      ]),
    ).toMatchObject({
      config: { model: 'variables' },
      asked: [],
    });
  });

  it('follows the priority where one is given', async () => {
    expect(
      await ask([
        ['env', { prefix: 'TEAM_', priority: 10 }],
        ['http', { path: 'one' }],
        ['http', { path: 'two', priority: 100 }],
      ]),
    ).toMatchObject({ config: { model: 'two' }, asked: ['two'] });
    expect(
      await ask([
        ['http', { path: 'one' }],
        ['env', { prefix: 'TEAM_', priority: 60 }],
      ]),
    ).toMatchObject({ config: { model: 'variables' }, asked: [] });
    const late = builtInConfigProviders({}).postgres!({ priority: 5 });
    expect(late.priority).toBe(5);
  });

  it('passes over one that has no answer, and over one that fails, which is reported', async () => {
    expect(
      await ask([
        ['http', { path: 'empty' }],
        ['http', { path: 'broken' }],
        ['http', { path: 'last' }],
      ]),
    ).toEqual({
      config: { model: 'last' },
      asked: ['empty', 'broken', 'last'],
      failures: ['http'],
    });
  });
});
