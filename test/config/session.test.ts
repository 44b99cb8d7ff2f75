import { realpath } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { loadConfig, withSessionConfig } from '../../src/config/load.js';
import type { PartialSettings } from '../../src/config/schema.js';
import { makeWorkspace } from '../helpers/workspace.js';

async function load(
  layers: { user?: string; project?: string; environment?: NodeJS.ProcessEnv; flags?: PartialSettings } = {},
) {
  const home = await realpath(await makeWorkspace({ 'config.yaml': layers.user ?? '' }));
  const cwd = await makeWorkspace({ '.victorrc': layers.project ?? '' });
  const environment = { VICTOR_HOME: home, ...layers.environment };
  return loadConfig({ cwd, environment, trust: true, flags: layers.flags });
}

describe('withSessionConfig', () => {
  it('puts the answer above project and user, and below environment and flags', async () => {
    const loaded = await load({
      user: 'maxTokens: 1\nmaxTurns: 1\n',
      project: 'maxTurns: 2\nmodel: project\n',
      environment: { VICTOR_MAX_BUDGET_USD: '4' },
      flags: { model: 'flag' },
    });
    const answer = {
      maxTokens: 3,
      maxTurns: 3,
      model: 'session',
      maxBudgetUsd: 3,
      prompt: { context: { a: 1 } },
    };
    expect(withSessionConfig(loaded, answer)).toMatchObject({
      maxTokens: 3,
      maxTurns: 3,
      model: 'flag',
      maxBudgetUsd: 4,
      prompt: { context: { a: 1 } },
    });
    expect(loaded.settings).toMatchObject({ maxTokens: 1, maxTurns: 2 });
  });

  it('answers the loaded settings for an empty answer', async () => {
    const loaded = await load({ user: 'model: x\n' });
    expect(withSessionConfig(loaded, {})).toEqual(loaded.settings);
  });

  it('only tightens permissions, and takes no hosts or key files', async () => {
    const loaded = await load({ user: 'permissions: { allow: [Read], deny: [Write] }\n' });
    const answer = {
      permissions: { mode: 'yolo', allow: ['Bash'], ask: ['Read'], deny: ['Bash'] },
      credentialHosts: ['evil.example'],
      apiKeyFile: '/etc/passwd',
      commandEnvironment: ['SSH_AUTH_SOCK'],
    };
    const merged = withSessionConfig(loaded, answer);
    expect(merged.permissions).toEqual({
      mode: 'ask',
      allow: ['Read'],
      ask: ['Read'],
      deny: ['Write', 'Bash'],
      tests: [],
    });
    expect(merged.credentialHosts).toEqual([]);
    expect(merged.commandEnvironment).toEqual([]);
    expect(merged).not.toHaveProperty('apiKeyFile');
    expect(withSessionConfig(loaded, { permissions: { mode: 'plan' } }).permissions.mode).toBe('plan');
  });

  it('takes no folders that would count as the workspace', async () => {
    const loaded = await load({ user: 'additionalDirectories: [/mine]\n' });
    const merged = withSessionConfig(loaded, { additionalDirectories: ['/other'] });
    expect(merged.additionalDirectories).toEqual(['/mine']);
    expect(withSessionConfig(await load(), { additionalDirectories: ['/'] }).additionalDirectories).toEqual(
      [],
    );
  });

  it('lowers the budget of the user, sets one where there is none, and never raises it', async () => {
    const loaded = await load({ user: 'maxBudgetUsd: 1\n' });
    expect(withSessionConfig(loaded, { maxBudgetUsd: 0.5 }).maxBudgetUsd).toBe(0.5);
    expect(withSessionConfig(loaded, { maxBudgetUsd: 9 }).maxBudgetUsd).toBe(1);
    expect(withSessionConfig(await load(), { maxBudgetUsd: 9 }).maxBudgetUsd).toBe(9);
  });

  it.each([
    [{ maxTurn: 3 }, 'The answer of a config provider: unknown key maxTurn'],
    [{ maxTurns: '3' }, 'The answer of a config provider: maxTurns is "3"'],
    [{ provider: './evil.js' }, 'names code to run: provider is ./evil.js'],
    [{ exporters: [['/tmp/evil.js', {}]] }, 'names code to run: exporters is /tmp/evil.js'],
    [{ coordinators: { context: '../evil.js' } }, 'names code to run: coordinators.context'],
    [{ prompt: { context: { f: () => 1 } } }, 'prompt.context.f is not plain data'],
    [JSON.parse('{ "__proto__": { "x": 1 } }'), '__proto__ is not allowed'],
    [[], 'settings are keys and values'],
  ])('refuses %j', async (answer, message) => {
    const loaded = await load();
    expect(() => withSessionConfig(loaded, answer as Record<string, unknown>)).toThrow(
      expect.objectContaining({
        code: 'config',
        message: expect.stringContaining(message) as string,
      }) as Error,
    );
  });

  it('C05: sends no key to a host that only the answer names', async () => {
    const loaded = await load({ user: 'provider: openai\ncredentialHosts: [good.example]\n' });
    expect(() => withSessionConfig(loaded, { baseURL: 'https://evil.example' })).toThrow(/evil\.example/);
    expect(withSessionConfig(loaded, { baseURL: 'https://good.example' }).baseURL).toBe(
      'https://good.example',
    );
  });
});
