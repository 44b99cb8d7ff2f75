import { describe, expect, it } from 'vitest';
import { ConfigCoordinator } from '../../src/coordinators/config.js';
import type { ConfigProvider } from '../../src/core/extension.js';
import { collect, ofType, scriptedOrchestrator } from '../helpers/scripted-orchestrator.js';

function provider(priority: number | undefined, answer: unknown, calls: string[] = []): ConfigProvider {
  return {
    name: `p${priority}`,
    ...(priority === undefined ? {} : { priority }),
    getConfig: (sessionId) => {
      calls.push(`${priority}:${sessionId}`);
      if (answer instanceof Error) throw answer;
      return answer as Record<string, unknown>;
    },
  };
}

describe('standing alone', () => {
  it('asks the highest priority first; the first non-empty answer wins and lower ones are not called', async () => {
    const calls: string[] = [];
    const providers = [
      provider(10, { from: 10 }, calls),
      provider(100, {}, calls),
      provider(undefined, { from: 50 }, calls),
    ];
    const config = new ConfigCoordinator({ providers });
    expect(await config.loadConfig('s')).toEqual({ from: 50 });
    expect(calls).toEqual(['100:s', 'undefined:s']);
  });

  it('keeps list order for equal priorities, and answers {} when nobody does', async () => {
    const config = new ConfigCoordinator({
      providers: [provider(1, { first: true }), provider(1, { second: true })],
    });
    expect(await config.loadConfig('s')).toEqual({ first: true });
    expect(await new ConfigCoordinator().loadConfig('s')).toEqual({});
    expect(new ConfigCoordinator().getConfig()).toEqual({});
  });

  it('caches per session until it is invalidated', async () => {
    const calls: string[] = [];
    const config = new ConfigCoordinator({ providers: [provider(1, { a: 1 }, calls)] });
    await config.loadConfig('one');
    await config.loadConfig('one');
    await config.loadConfig('two');
    config.invalidate('one');
    await config.loadConfig('one');
    await config.loadConfig('two');
    expect(calls).toEqual(['1:one', '1:two', '1:one']);
  });

  it('skips a provider that throws, hangs or answers nonsense, and reports each', async () => {
    const hangs: ConfigProvider = { name: 'hangs', priority: 90, getConfig: () => new Promise(() => {}) };
    const config = new ConfigCoordinator({
      providers: [
        hangs,
        provider(80, new Error('db down')),
        provider(70, [1]),
        provider(60, { works: true }),
      ],
      timeoutMs: 20,
    });
    const failures: string[] = [];
    config.onExtensionFailure = ({ name, message }) => failures.push(`${name}: ${message}`);
    expect(await config.loadConfig('s')).toEqual({ works: true });
    expect(failures).toEqual([
      'hangs: no answer within 20 ms',
      'p80: db down',
      'p70: returned an array instead of an object',
    ]);
  });

  it("resolution 'merge' takes every answer, the higher priority winning a key", async () => {
    const providers = [provider(1, { a: 'low', b: 'low' }), provider(2, { a: 'high' })];
    const config = new ConfigCoordinator({ providers, resolution: 'merge' });
    expect(await config.loadConfig('s')).toEqual({ a: 'high', b: 'low' });
  });
});

describe('in the orchestrator', () => {
  const answering = (answer: (sessionId: string) => Record<string, unknown>) =>
    new ConfigCoordinator({ providers: [{ name: 'tenant', getConfig: answer }] });

  it('merges the answer for that session only: its limit, its mode, its prompt context', async () => {
    const config = answering((id) => (id === 'tenant' ? { maxTurns: 1, permissions: { mode: 'plan' } } : {}));
    const { orchestrator } = await scriptedOrchestrator(
      () => ({ toolCalls: [{ name: 'List', input: {} }] }),
      {
        coordinators: { config },
        settings: { maxTurns: 2 },
      },
    );
    expect((await orchestrator.chat('loop', { sessionId: 'tenant' })).providerCalls).toBe(1);
    expect((await orchestrator.chat('loop', { sessionId: 'other' })).providerCalls).toBe(2);
    expect(orchestrator.coordinators.mode.current('tenant')).toBe('plan');
    expect(orchestrator.coordinators.mode.current('other')).toBe('ask');
  });

  it('an answer that is no valid settings leaves the turn working and is named as an event', async () => {
    const { orchestrator } = await scriptedOrchestrator([{ text: 'fine' }], {
      coordinators: { config: answering(() => ({ maxTurns: 'many' })) },
    });
    const events = await collect(orchestrator.stream('hi'));
    expect(ofType(events, 'turn-end')[0]?.content).toBe('fine');
    expect(ofType(events, 'extension-failure')[0]?.failure.message).toContain('maxTurns');
  });

  it('a deny rule from a config provider holds for its session', async () => {
    const config = answering((id) => (id === 'strict' ? { permissions: { deny: ['List'] } } : {}));
    const { orchestrator } = await scriptedOrchestrator(
      (request) =>
        request.messages.at(-1)?.role === 'user'
          ? { toolCalls: [{ name: 'List', input: {} }] }
          : { text: 'done' },
      { coordinators: { config } },
    );
    expect((await orchestrator.chat('ls', { sessionId: 'strict' })).denials).toHaveLength(1);
    expect((await orchestrator.chat('ls', { sessionId: 'loose' })).denials).toHaveLength(0);
  });

  it('an answer never loosens permissions, also in the library', async () => {
    const loosen = answering(() => ({ permissions: { mode: 'yolo', deny: ['Grep'], allow: ['Bash'] } }));
    const { orchestrator } = await scriptedOrchestrator(
      [{ toolCalls: [{ name: 'Bash', input: { command: 'echo x > made' } }] }, { text: 'done' }],
      { coordinators: { config: loosen }, settings: { permissions: { mode: 'read-only' } } },
    );
    expect((await orchestrator.chat('go')).denials).toHaveLength(1);
    expect(orchestrator.coordinators.mode.current(orchestrator.sessionId)).toBe('read-only');
  });

  it('an answer does not undo the stricter mode that the user chose for the session', async () => {
    const config = answering(() => ({ permissions: { mode: 'ask' } }));
    const { orchestrator } = await scriptedOrchestrator([{ text: 'ok' }], {
      coordinators: { config },
      settings: { permissions: { mode: 'yolo' } },
    });
    orchestrator.setMode('plan');
    await orchestrator.chat('hi');
    expect(orchestrator.coordinators.mode.current(orchestrator.sessionId)).toBe('plan');
  });
});
