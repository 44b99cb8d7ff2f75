import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createOrchestrator } from '../../src/create-orchestrator.js';
import { startModelServer } from '../helpers/model-server.js';
import { makeWorkspace } from '../helpers/workspace.js';

async function serve(steps: Parameters<typeof startModelServer>[0] = () => ({ text: 'ok' })) {
  const server = await startModelServer(steps);
  onTestFinished(() => server.close());
  return server;
}

async function userHome(configuration: object) {
  const home = await makeWorkspace({ 'config.yaml': JSON.stringify(configuration), key: 'FILE-KEY\n' });
  await chmod(join(home, 'key'), 0o600);
  return home;
}

describe('keys', () => {
  it('K13: a key file reaches the provider it was configured for and no other', async () => {
    const [anthropic, openai] = [await serve(), await serve()];
    const home = await userHome({ provider: 'anthropic', apiKeyFile: './key' });
    const environment = {
      VICTOR_HOME: home,
      OPENAI_API_KEY: 'OPENAI-KEY',
      ANTHROPIC_BASE_URL: anthropic.url,
      OPENAI_BASE_URL: openai.openAIUrl,
    };
    const cwd = await makeWorkspace();
    const orchestrator = await createOrchestrator({ cwd, environment, persist: false });
    await orchestrator.chat('hi');
    await orchestrator.switchProvider('openai/gpt-x');
    await orchestrator.chat('hi');
    await orchestrator.close();
    const other = await createOrchestrator({
      cwd,
      environment,
      persist: false,
      flags: { provider: 'openai' },
    });
    await other.chat('hi');
    await other.close();
    expect(anthropic.requests[0]?.headers.authorization).toBe('Bearer FILE-KEY');
    expect(openai.requests.map(({ headers }) => headers.authorization)).toEqual(
      Array(2).fill('Bearer OPENAI-KEY'),
    );
  });

  it('K13: a key file without a provider is for none that is only named later', async () => {
    const openai = await serve();
    const home = await userHome({ apiKeyFile: './key' });
    const environment = {
      VICTOR_HOME: home,
      OPENAI_API_KEY: 'OPENAI-KEY',
      OPENAI_BASE_URL: openai.openAIUrl,
    };
    const flags = { provider: 'openai' };
    const orchestrator = await createOrchestrator({
      cwd: await makeWorkspace(),
      environment,
      persist: false,
      flags,
    });
    await orchestrator.chat('hi');
    await orchestrator.close();
    expect(openai.requests[0]?.headers.authorization).toBe('Bearer OPENAI-KEY');
  });

  it('K07: a command does not get the key, whatever its variable is called', async () => {
    const openai = await serve([
      { toolCalls: [{ name: 'Bash', input: { command: 'env' } }] },
      { text: 'ok' },
    ]);
    const home = await userHome({
      provider: ['openai', { apiKeyVariable: 'CORP_LLM', baseURL: openai.openAIUrl }],
      // A key stays out even where the settings name its variable.
      commandEnvironment: ['SEEN', 'COPY', 'CORP_LLM'],
    });
    const environment = {
      PATH: process.env.PATH,
      VICTOR_HOME: home,
      CORP_LLM: 'CORP-VALUE',
      COPY: 'CORP-VALUE',
      SEEN: 'yes',
    };
    const cwd = await makeWorkspace();
    const orchestrator = await createOrchestrator({
      cwd,
      environment,
      persist: false,
      allowedTools: ['Bash'],
    });
    await orchestrator.chat('show the environment');
    await orchestrator.close();
    expect(openai.requests[0]?.headers.authorization).toBe('Bearer CORP-VALUE');
    expect(openai.requests[1]?.rawBody).toContain('SEEN=yes');
    expect(openai.requests[1]?.rawBody).not.toContain('CORP-VALUE');
  });
});

describe('switching', () => {
  it('a provider that does not exist is an error, not a model name', async () => {
    const home = await userHome({ provider: 'anthropic', apiKeyFile: './key' });
    const options = { cwd: await makeWorkspace(), environment: { VICTOR_HOME: home }, persist: false };
    const orchestrator = await createOrchestrator(options);
    await expect(orchestrator.switchProvider('nosuch/model')).rejects.toMatchObject({ code: 'config' });
    expect(await orchestrator.switchProvider('claude-x')).toMatchObject({
      provider: 'anthropic',
      model: 'claude-x',
    });
    await orchestrator.close();
  });
});
