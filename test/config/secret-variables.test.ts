import { expect, it } from 'vitest';
import { settings } from '../../src/config/schema.js';
import { secretVariables, withoutSecrets } from '../../src/config/secret-variables.js';
import { scriptedModel } from '../helpers/ask-model.js';
import { makeWorkspace } from '../helpers/workspace.js';

const placeholder = ['Bearer $', '{HOOK}'].join('');

it('variables are found in options that name one and in placeholders, and the usual one of postgres without options', () => {
  const names = secretVariables(
    settings({
      provider: ['openai', { apiKeyVariable: 'CORPORATE' }],
      configProviders: ['postgres', ['http', { url: 'https://x.example', apiKeyVariable: 'TEAM' }]],
      exporters: [
        ['webhook', { url: 'https://x.example', headers: { authorization: placeholder } }],
        ['postgres', { connectionStringVariable: 'METRICS' }],
      ],
    }),
  );
  expect([...names].sort()).toEqual(['CORPORATE', 'DATABASE_URL', 'HOOK', 'METRICS', 'TEAM']);
});

it('a value is left out under every name it has, and nothing else is', () => {
  const given = { TEAM: 's3cret', COPY: 's3cret', OTHER: 'x', EMPTY: '' };
  const named = settings({ provider: ['openai', { apiKeyVariable: 'TEAM' }] });
  expect(withoutSecrets(given, named)).toEqual({ OTHER: 'x', EMPTY: '' });
  expect(withoutSecrets(given, settings())).toEqual(given);
});

it('a command of the agent does not see the connection string that an exporter uses, even where the user names it', async () => {
  const model = await scriptedModel(
    { toolCalls: [{ name: 'Bash', input: { command: 'env' } }] },
    { text: 'done' },
  );
  const cwd = await makeWorkspace({});
  // In a workspace's settings a webhook to this machine is refused.
  const exporters = `exporters: [[webhook, { url: "http://127.0.0.1:9", headers: { a: "${placeholder}" } }]]`;
  const home = await makeWorkspace({ 'config.yaml': `commandEnvironment: [HOOK, SEEN]\n${exporters}\n` });
  const env = { HOOK: 'canary-4711', SEEN: 'visible', VICTOR_HOME: home };
  await model.ask(['run env', '--allowed-tools', 'Bash'], { cwd, env });
  const [result] = model.toolResults();
  expect(result).toContain('SEEN=visible');
  expect(result).not.toContain('canary-4711');
});
