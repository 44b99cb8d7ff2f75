import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type PartialSettings, settings, settingsSchema } from '../../src/config/schema.js';
import { ConfigError } from '../../src/core/errors.js';

/** The error of settings that must not be valid. */
function refusal(input: unknown): ConfigError {
  try {
    settings(input as PartialSettings);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('these settings were accepted');
}

describe('settings()', () => {
  it('fills in every default', () => {
    expect(settings()).toEqual({
      credentialHosts: [],
      fallback: [],
      network: { attempts: 6, connectTimeoutMs: 8_000, idleTimeoutMs: 60_000, pingTimeoutMs: 600_000 },
      maxTokens: 8192,
      maxTurns: 50,
      maxToolCalls: 500,
      prices: {},
      permissions: { mode: 'ask', allow: [], ask: [], deny: [], tests: [] },
      sandbox: 'auto',
      sandboxNetwork: false,
      additionalDirectories: [],
      commandEnvironment: [],
      compaction: { strategy: 'recent', threshold: 0.8, hardThreshold: 0.95 },
      toolSelection: { strategy: 'hybrid', alpha: 0.7, maxTools: 40 },
      embedder: 'static',
      contributors: ['base', 'project-files', 'mode', ['environment', { git: false }]],
      configProviders: [],
      exporters: [],
      analytics: { enabled: true, maxWaitingEvents: 100_000, maxWaitingMegabytes: 32 },
      tools: [],
      mcpServers: {},
      hooks: {},
      mcpWaitMs: 30_000,
      coordinators: {},
      prompt: { context: {} },
      theme: 'auto',
      screenReader: false,
      subagents: true,
      workflows: {},
      notifications: 'osc9',
      notifyAfterSeconds: 30,
    });
  });

  it('keeps what is given, and fills in around it', () => {
    const given = settings({
      compaction: { strategy: ['recent', { keepLast: 5 }] },
      permissions: { deny: ['Bash'] },
    });
    expect(given.compaction).toEqual({
      strategy: ['recent', { keepLast: 5 }],
      threshold: 0.8,
      hardThreshold: 0.95,
    });
    expect(given.permissions).toEqual({ mode: 'ask', allow: [], ask: [], deny: ['Bash'], tests: [] });
  });

  it('is frozen all the way down', () => {
    const frozen = settings({ exporters: [['webhook', { headers: { a: 'b' } }]] });
    const headers = (frozen.exporters[0] as [string, { headers: object }])[1].headers;
    for (const part of [frozen, frozen.permissions, frozen.permissions.deny, frozen.exporters, headers]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('neither freezes nor copies the objects that a program puts into the prompt context or into options', () => {
    class Database {
      open = true;
    }
    const database = new Database();
    const list = ['a'];
    const given = settings({ prompt: { context: { database, list } } });
    expect(given.prompt.context.database).toBe(database);
    database.open = false;
    list.push('b');
    expect(given.prompt.context).toMatchObject({ database: { open: false }, list: ['a'] });
  });

  it('C15: names an unknown key and the nearest one', () => {
    expect(refusal({ maxTurn: 3 })).toMatchObject({
      code: 'config',
      key: 'maxTurn',
      message: 'unknown key maxTurn',
      advice: 'Did you mean maxTurns?',
    });
    expect(refusal({ compaction: { treshold: 0.5 } }).advice).toBe('Did you mean compaction.threshold?');
    expect(refusal({ max_turns: 3 }).advice).toBe('Did you mean maxTurns?');
    expect(refusal({ threshold: 0.5 }).advice).toBe('Did you mean compaction.threshold?');
    expect(refusal({ coordinators: { promt: './x.js' } })).toMatchObject({
      key: 'coordinators.promt',
      advice: 'Did you mean coordinators.prompt?',
    });
    expect(refusal({ analytics: { zzzzzzzz: 1 } }).advice).toBe(
      'Remove it. Known here: enabled, maxWaitingEvents, maxWaitingMegabytes.',
    );
    expect(refusal({ prices: { 'gpt-4.1': { inptu: 1, output: 2, input: 1 } } })).toMatchObject({
      key: 'prices["gpt-4.1"].inptu',
      advice: 'Did you mean prices["gpt-4.1"].input?',
    });
  });

  it.each([
    [{ maxTurns: '5' }, 'maxTurns', 'maxTurns is "5": expected number'],
    [{ maxTurns: 0 }, 'maxTurns', 'maxTurns is 0: expected number to be >=1'],
    [{ maxTurns: 1.5 }, 'maxTurns', 'maxTurns is 1.5: expected int'],
    [{ maxTokens: 1e300 }, 'maxTokens', /^maxTokens is 1e\+300: expected/],
    [{ maxBudgetUsd: Number.POSITIVE_INFINITY }, 'maxBudgetUsd', /^maxBudgetUsd is null: expected number/],
    [
      { compaction: { threshold: 2 } },
      'compaction.threshold',
      /^compaction.threshold is 2: expected number to be <=1/,
    ],
    [
      { permissions: { mode: 'yollo' } },
      'permissions.mode',
      /^permissions.mode is "yollo": expected one of ask, /,
    ],
    [{ exporters: [7] }, 'exporters.0', /^exporters.0 is 7: expected a name, a path/],
    [{ exporters: [['a', {}, 'b']] }, 'exporters.0', /expected a name, a path/],
    [{ embedder: 'magic' }, 'embedder', /expected static, hash, or \[openai/],
    [{ embedder: ['openai', { baseURL: 'http://localhost:1/v1' }] }, 'embedder', /expected static, hash, or/],
    [{ embedder: ['hash', {}] }, 'embedder', /expected static, hash, or/],
    [{ baseURL: 'ftp://x' }, 'baseURL', /expected an address that starts with http/],
    [{ baseURL: 'https://me:secret@x.example' }, 'baseURL', /password does not belong/],
    [{ credentialHosts: ['https://x.example'] }, 'credentialHosts.0', /expected a host such as/],
    [{ workflows: { review: { steps: [] } } }, 'workflows.review.steps', /workflows.review.steps is \[\]/],
    [{ prices: { m: { input: 1 } } }, 'prices.m.output', /prices.m.output is missing/],
  ])('C15: names the key and says what is wrong with it: %j', (input, key, message) => {
    const error = refusal(input);
    expect(error.key).toBe(key);
    if (typeof message === 'string') expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
    expect(error.advice).toBeTruthy();
  });

  it('names the nearest value of a choice', () => {
    expect(refusal({ permissions: { mode: 'readonly' } }).advice).toBe('Did you mean read-only?');
  });

  it('says how many more problems there are', () => {
    expect(refusal({ maxTurns: 'x', maxTokens: 'y', zzz: 1 }).message).toMatch(/ \(and 2 more\)$/);
  });

  it.each([
    '{ "__proto__": { "polluted": 1 } }',
    '{ "constructor": { "prototype": { "polluted": 1 } } }',
    '{ "prompt": { "context": { "__proto__": { "polluted": 1 } } } }',
    '{ "prices": { "__proto__": { "input": 1, "output": 1 } } }',
    '{ "exporters": [["webhook", { "prototype": {} }]] }',
  ])('C13: refuses keys that could reach a prototype: %s', (json) => {
    expect(refusal(JSON.parse(json)).message).toMatch(/(__proto__|constructor|prototype) is not allowed/);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('C13: reads a getter once, so that what was checked is what holds', () => {
    let reads = 0;
    const tricky = {
      get maxTurns() {
        reads += 1;
        return reads === 1 ? 5 : 5_000;
      },
    };
    expect(settings(tricky).maxTurns).toBe(5);
  });

  it('refuses a tree without end', () => {
    const endless: Record<string, unknown> = {};
    endless.prompt = { context: endless };
    expect(refusal(endless).message).toContain('nested too deeply');
  });
});

describe('the schema', () => {
  it('can be published as JSON schema, and every key in it describes itself', () => {
    const undescribed: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      const { properties = {}, ...rest } = node as { properties?: Record<string, { description?: string }> };
      for (const [key, child] of Object.entries(properties)) {
        if (!child.description) undescribed.push(`${path}.${key}`);
        visit(child, `${path}.${key}`);
      }
      for (const [key, child] of Object.entries(rest)) visit(child, `${path}(${key})`);
    };
    const published = z.toJSONSchema(settingsSchema, { io: 'input' });
    visit(published, '');
    expect(Object.keys(published.properties ?? {})).toHaveLength(42);
    expect(undescribed).toEqual([]);
  });
});
