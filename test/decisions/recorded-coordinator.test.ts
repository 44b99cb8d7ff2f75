import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ContextCoordinator } from '../../src/coordinators/context.js';
import { ToolSelectionCoordinator } from '../../src/coordinators/tool-selection.js';
import type { RecordedDecision } from '../../src/core/decision-record.js';
import type { AgentOrchestrator } from '../../src/orchestrator.js';
import { scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';

async function decided(orchestrator: AgentOrchestrator, coordinator: RecordedDecision['coordinator']) {
  return (await orchestrator.decisions()).filter((one) => one.coordinator === coordinator);
}

describe('a coordinator whose decisions are recorded', () => {
  it('is still of its class, takes new members, and knows its private ones', async () => {
    const { orchestrator } = await scriptedOrchestrator([{ text: 'Hello.' }]);
    const { context, toolSelection } = orchestrator.coordinators;
    expect(context).toBeInstanceOf(ContextCoordinator);
    expect(context.constructor).toBe(ContextCoordinator);
    expect(toolSelection).toBeInstanceOf(ToolSelectionCoordinator);
    (context as ContextCoordinator).onExtensionFailure = () => {};
    expect((context as ContextCoordinator).strategyFor('x').name).toBe('recent');
  });

  it('is told of when it is of the user, by what it was asked and answered', async () => {
    const { orchestrator } = await scriptedOrchestrator([{ text: 'Hello.' }], {
      coordinators: {
        toolSelection: {
          select: async ({ tools }) => ({
            offered: tools.slice(0, 2).map(({ name }) => name),
            strategy: 'two of them',
            scores: [],
            epoch: 0,
            reason: 'Two are enough.',
          }),
        },
        prompt: { buildSystemPrompt: async () => 'Be nice.' },
        context: new Plain(),
      },
    });
    await orchestrator.chat('hello');
    expect(await decided(orchestrator, 'toolSelection')).toMatchObject([
      { turn: 1, outcome: 'Offered some', reason: 'Two are enough.', inputs: { strategy: 'two of them' } },
    ]);
    expect(await decided(orchestrator, 'prompt')).toMatchObject([
      { decision: 'buildSystemPrompt', times: 1 },
    ]);
  });

  it('is told of with what stood in for it when it failed', async () => {
    const { orchestrator } = await scriptedOrchestrator([{ text: 'Hello.' }], {
      coordinators: {
        toolSelection: {
          select: async () => {
            throw new Error('no idea');
          },
        },
      },
    });
    await orchestrator.chat('hello');
    expect(await decided(orchestrator, 'toolSelection')).toMatchObject([
      {
        decision: 'stand-in',
        outcome: 'Instead of toolSelection: the built-in one served',
        reason: 'select failed: no idea',
      },
      { decision: 'select', outcome: 'Offered all' },
    ]);
  });

  it('is told of whatever it answers, and whatever form that has', async () => {
    const parts = [null] as never;
    const { orchestrator } = await scriptedOrchestrator([{ text: 'Hello.' }], {
      coordinators: {
        prompt: {
          buildSystemPrompt: async () => 'Be nice.',
          buildPrompt: async () => ({ system: 'Be nice.', volatile: '', parts }),
        },
      },
    });
    await orchestrator.chat('hello');
    expect(await decided(orchestrator, 'prompt')).toMatchObject([
      { decision: 'buildPrompt', outcome: 'Answered' },
    ]);
  });

  it('needs no reason: tools, calls and modes of the user that give none serve, and it is said', async () => {
    const own = {
      toolSelection: {
        select: async ({ tools }: { tools: readonly { name: string }[] }) =>
          ({ offered: tools.map(({ name }) => name), strategy: 'mine', scores: [], epoch: 0 }) as never,
      },
      permission: {
        decide: async () => ({ verdict: 'allow' }) as never,
        ask: async () => ({ allowed: false, scope: 'once' }) as const,
      },
      mode: {
        current: () => 'accept-edits' as const,
        set: () => {},
        allows: () => ({ verdict: 'allow' }) as never,
      },
    };
    const cases = [
      ['toolSelection', 'select', 'Offered all'],
      ['permission', 'decide', 'Allowed'],
      ['mode', 'allows', 'Allowed'],
    ] as const;
    for (const [name, decision, outcome] of cases) {
      const { orchestrator, cwd } = await scriptedOrchestrator(
        [toolCall('Write', { path: 'a.txt', content: 'a' }), { text: 'Done.' }],
        { coordinators: { [name]: own[name] } },
      );
      orchestrator.setMode('accept-edits');
      await orchestrator.chat('write it');
      expect(await readFile(join(cwd, 'a.txt'), 'utf8')).toBe('a');
      expect(await decided(orchestrator, name)).toContainEqual(
        expect.objectContaining({ decision, outcome, reason: 'It gave no reason.' }),
      );
    }
  });

  it('may give anything as a reason or an input, also what no text can be made of', async () => {
    const untold = Object.create(null);
    const answers = [
      { strategy: null, epoch: undefined, offered: [null, 7, { name: 'x' }], reason: 42 },
      { strategy: ['a', null], epoch: { at: 1 }, offered: [], reason: { why: 'so' } },
      { strategy: untold, epoch: 1, offered: [], reason: untold },
    ];
    const { orchestrator } = await scriptedOrchestrator(answers.map(() => ({ text: 'Hello.' })));
    const { toolSelection } = orchestrator.coordinators;
    const select = toolSelection.select;
    let next = 0;
    const plain = new WeakMap<object, unknown>();
    toolSelection.select = async (request) => {
      const answer = { ...(await select(request)), ...answers[next++] };
      plain.set(request, answer);
      return answer as never;
    };
    for (const _ of answers) {
      const given = { sessionId: orchestrator.sessionId, tools: [], request: 'x' } as never;
      expect(await toolSelection.select(given)).toBe(plain.get(given));
    }
    expect(await decided(orchestrator, 'toolSelection')).toMatchObject([
      { reason: '42', inputs: { offered: ['null', '7', '[object Object]'], tools: 0 } },
      { reason: '[object Object]', inputs: { strategy: ['a', 'null'], epoch: '[object Object]' } },
    ]);
  });

  it('has nothing of a private key in what is told of it, also of one that is longer than what is looked at', async () => {
    const lines = Array.from({ length: 150 }, (_, index) =>
      `${index}`.padStart(64, 'MIIEvQIBADANBgkqhkiG9w0B'),
    );
    const pem = `-----BEGIN RSA PRIVATE KEY-----\n${lines.join('\n')}\n-----END RSA PRIVATE KEY-----`;
    const { orchestrator } = await scriptedOrchestrator([
      toolCall('Bash', { command: `echo '${pem}' > key.pem` }),
      { text: 'Done.' },
    ]);
    await orchestrator.chat('write it');
    const told = JSON.stringify(await orchestrator.decisions());
    expect(told).toContain("echo '[redacted]");
    expect(told).not.toContain('MIIE');
    expect(told).not.toContain('BEGIN');
  });

  it('passes on a stream that tells of a new try without the error, and one that cannot be watched', async () => {
    const { orchestrator } = await scriptedOrchestrator([{ text: 'Hello.' }]);
    const { provider } = orchestrator.coordinators;
    const { stream } = provider;
    provider.stream = async function* (...given) {
      yield { type: 'request-retry', provider: 'scripted', attempt: 1, waitMs: 0 } as never;
      yield* stream(...given);
    };
    expect(await orchestrator.chat('hello')).toMatchObject({ content: 'Hello.' });
    expect(await decided(orchestrator, 'provider')).toMatchObject([
      { decision: 'retry', reason: 'It gave no reason.', inputs: { provider: 'scripted', attempt: 1 } },
      { decision: 'stream', inputs: { retries: 1 } },
    ]);
    provider.stream = async function* () {
      yield { type: 'text', text: 'Hello.' } as never;
    };
    provider.current = () => {
      throw new Error('nobody knows');
    };
    const items: string[] = [];
    for await (const { type } of provider.stream({ sessionId: 'x' } as never, undefined as never))
      items.push(type);
    expect(items).toEqual(['text']);
  });

  it('is recorded once where a test or program puts a method of its own before one, also a stream', async () => {
    const { orchestrator } = await scriptedOrchestrator([{ text: 'Hello.' }]);
    const { provider, toolSelection } = orchestrator.coordinators;
    const [stream, select] = [provider.stream, toolSelection.select];
    let calls = 0;
    provider.stream = async function* (...given) {
      calls += 1;
      await null;
      yield* stream(...given);
    };
    toolSelection.select = async (request) => {
      calls += 1;
      await null;
      return select(request);
    };
    const again = toolSelection.select;
    toolSelection.select = async (request) => {
      await null;
      return again(request);
    };
    await orchestrator.chat('hello');
    expect(calls).toBe(2);
    const all = [
      ...(await decided(orchestrator, 'provider')),
      ...(await decided(orchestrator, 'toolSelection')),
    ];
    expect(all.map(({ decision, times }) => [decision, times])).toEqual([
      ['stream', 1],
      ['select', 1],
    ]);
  });

  it('is not told of when a screen only asks what it would answer', async () => {
    const { orchestrator } = await scriptedOrchestrator(
      [toolCall('Read', { path: 'a.txt' }), { text: 'Done.' }],
      {
        files: { 'a.txt': 'a' },
      },
    );
    await orchestrator.chat('read it');
    const before = await orchestrator.decisions();
    await orchestrator.contextReport();
    await orchestrator.health();
    await orchestrator.previewCompaction();
    orchestrator.coordinators.mode.allows({ name: 'Bash', kind: 'execute' }, orchestrator.sessionId);
    expect(await orchestrator.decisions()).toEqual(before);
  });

  it('is told of with the error where it throws, and the error goes on', async () => {
    const { orchestrator } = await scriptedOrchestrator([
      { error: { kind: 'authentication', message: 'no such key' } },
    ]);
    await expect(orchestrator.chat('hello')).rejects.toThrow('no such key');
    expect(await decided(orchestrator, 'provider')).toMatchObject([
      { outcome: 'Failed', reason: 'no such key' },
    ]);
    expect(await decided(orchestrator, 'chat')).toMatchObject([
      { outcome: 'The turn failed', inputs: { code: 'provider-authentication', messagesTakenBack: 1 } },
    ]);
  });
});

/** Keeps messages and compacts nothing. */
class Plain {
  readonly #messages = new Map<string, ReturnType<ContextCoordinator['getContext']>['messages']>();
  getContext = (id = '') => ({ messages: this.#messages.get(id) ?? [], metadata: {} });
  append = (messages: readonly never[], id = '') =>
    void this.#messages.set(id, [...(this.#messages.get(id) ?? []), ...messages]);
  compactContext = async <T>(context: T) => context;
  reset = (id = '') => void this.#messages.delete(id);
}
