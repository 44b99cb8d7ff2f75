import { describe, expect, it } from 'vitest';
import { builtInConfigProviders } from '../../src/config-providers/index.js';

const settingsIn = (environment: NodeJS.ProcessEnv) =>
  builtInConfigProviders(environment).env!({ prefix: 'TEAM_' }).getConfig('any');

describe('env config provider', () => {
  it('reads settings whose words are parted by _ and whose keys by __, as JSON or else as text', async () => {
    const environment = {
      TEAM_MODEL: 'gpt-4.1',
      TEAM_BASE_URL: 'http://localhost:11434/v1',
      TEAM_MAX_BUDGET_USD: '1.5',
      TEAM_ANALYTICS__ENABLED: 'false',
      TEAM_COMPACTION: '{"strategy": ["recent", {"keepLast": 20}]}',
      TEAM_COMPACTION__THRESHOLD: '0.5',
      TEAM_PERMISSIONS__DENY: '["Bash"]',
      TEAM_PROMPT__APPEND: 'Answer: in English, [please]',
      TEAM_PROMPT__CONTEXT__COST_CENTRE: '"42"',
      TEAMS_MODEL: 'not ours',
      MODEL: 'not ours',
    };
    expect(await settingsIn(environment)).toEqual({
      model: 'gpt-4.1',
      baseURL: 'http://localhost:11434/v1',
      maxBudgetUsd: 1.5,
      analytics: { enabled: false },
      compaction: { strategy: ['recent', { keepLast: 20 }], threshold: 0.5 },
      permissions: { deny: ['Bash'] },
      prompt: { append: 'Answer: in English, [please]', context: { costCentre: '42' } },
    });
  });

  it('answers nothing, so that the next provider is asked, where no variable is set or all are empty', async () => {
    expect(await settingsIn({ OTHER: '1' })).toEqual({});
    expect(await settingsIn({ TEAM_MODEL: '' })).toEqual({});
  });

  it.each([
    [{ TEAM_MAX_TURN: '5' }, 'TEAM_MAX_TURN names no setting', /Did you mean maxTurns\?/],
    [{ TEAM_MAX_TURNS: 'many' }, 'TEAM_MAX_TURNS: maxTurns is "many"', /Correct maxTurns/],
    [{ TEAM_COMPACTION__TRESHOLD: '1' }, 'TEAM_COMPACTION__TRESHOLD: unknown key', /compaction\.threshold/],
    [{ TEAM_PRICES: '{"m-1.5": {"input": "x"}}' }, 'TEAM_PRICES: prices["m-1.5"].input', /Correct/],
    [{ TEAM_COMPACTION: 'recent', TEAM_COMPACTION__THRESHOLD: '1' }, 'compaction has a value', /Unset one/],
    [{ TEAM_: '1' }, 'TEAM_ names no setting', /another prefix/],
    [{ TEAM___PROTO__: '{"x":1}' }, 'TEAM___PROTO__ names no setting', /another prefix/],
    [{ TEAM_PROMPT____PROTO____X: '1' }, 'names no setting', /another prefix/],
    [{ TEAM_PROMPT__CONTEXT__CONSTRUCTOR__NAME: '1', TEAM_MAX_TURNS: '0' }, 'TEAM_MAX_TURNS: maxTurns', /./],
  ])('names the variable that is wrong in %j', (environment, message, advice) => {
    expect(() => settingsIn(environment)).toThrow(
      expect.objectContaining({
        code: 'config',
        message: expect.stringContaining(message) as string,
        advice: expect.stringMatching(advice) as string,
      }) as Error,
    );
    expect({}.constructor.name).toBe('Object');
  });

  it('does not show the value of a variable that is no setting', () => {
    expect(() => settingsIn({ TEAM_API_KEY: 'secret-1234' })).toThrow(/^(?!.*secret).*TEAM_API_KEY/);
  });

  it.each([
    [{}, 'prefix'],
    [{ prefix: '' }, 'with _ at the end'],
    [{ prefix: 'TEAM' }, 'with _ at the end'],
    [{ prefix: 'VICTOR_TEAM_' }, 'choose another'],
    [{ prefix: 'TEAM_', prefx: 'T_' }, 'prefx'],
  ])('is not made from %j', (options, message) => {
    expect(() => builtInConfigProviders({}).env!(options)).toThrow(message);
  });
});
