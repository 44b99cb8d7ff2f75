import { describe, expect, it } from 'vitest';
import { environmentSettings, environmentVariables } from '../../src/config/environment.js';
import { settings } from '../../src/config/schema.js';

describe('environmentSettings', () => {
  it('reads every variable of the table into the setting it names', () => {
    const examples = { text: 'offline', number: '1', boolean: 'false' };
    for (const { variable, path, kind } of environmentVariables) {
      const text = variable === 'VICTOR_BASE_URL' ? 'http://localhost:1' : examples[kind];
      const layer = environmentSettings({ [variable]: text });
      const value = path.reduce<unknown>(
        (tree, key) => (tree as Record<string, unknown>)[key],
        settings(layer.settings),
      );
      expect(String(value)).toBe(text);
      expect(layer.variables).toEqual({ [path.join('.')]: variable });
    }
  });

  it('takes an empty variable for none, and leaves other variables alone', () => {
    expect(environmentSettings({ VICTOR_MODEL: '', MODEL: 'x', VICTOR_HOME: '/x' })).toEqual({
      settings: {},
      variables: {},
      notices: [],
    });
  });

  it.each([
    [{ VICTOR_MAX_TURNS: 'many' }, 'VICTOR_MAX_TURNS is "many": expected a number'],
    [{ VICTOR_MAX_TURNS: ' ' }, 'VICTOR_MAX_TURNS is " ": expected a number'],
    [{ VICTOR_MAX_TURNS: '0' }, 'VICTOR_MAX_TURNS: maxTurns is 0'],
    [{ VICTOR_MAX_TURNS: 'Infinity' }, 'VICTOR_MAX_TURNS is "Infinity"'],
    [{ VICTOR_BASE_URL: 'localhost:1' }, 'VICTOR_BASE_URL: baseURL is "localhost:1"'],
    [{ VICTOR_ANALYTICS: 'maybe' }, 'VICTOR_ANALYTICS is "maybe": expected true or false'],
  ])('C15: names the variable that is wrong: %j', (environment, message) => {
    const [key] = Object.keys(environment);
    expect(() => environmentSettings(environment)).toThrow(
      expect.objectContaining({
        code: 'config',
        key,
        message: expect.stringContaining(message) as string,
      }) as Error,
    );
  });

  it('says nothing of a variable that it uses, whatever its name begins with', () => {
    for (const { variable, kind } of environmentVariables) {
      const text = variable === 'VICTOR_BASE_URL' ? 'http://localhost:1' : kind === 'number' ? '1' : 'on';
      expect(environmentSettings({ [variable]: text }).notices).toEqual([]);
    }
  });

  it('gives no permission, trust or key, and says so', () => {
    const layer = environmentSettings({
      VICTOR_TRUST: '1',
      VICTOR_MODE: 'yolo',
      VICTOR_PERMISSIONS_ALLOW: 'Bash',
      VICTOR_CREDENTIAL_HOSTS: 'x',
      VICTOR_API_KEY_FILE: '/x',
    });
    expect(layer.settings).toEqual({});
    expect(layer.notices).toHaveLength(1);
    expect(layer.notices[0]).toMatch(/^VICTOR_API_KEY_FILE, VICTOR_CREDENTIAL_HOSTS, VICTOR_MODE, /);
    const keys = environmentVariables.map(({ path }) => path[0]);
    for (const key of ['permissions', 'credentialHosts', 'apiKeyFile']) expect(keys).not.toContain(key);
  });
});
