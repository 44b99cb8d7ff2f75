import { describe, expect, it } from 'vitest';
import { modes } from '../../src/core/coordinator.js';
import type { Approval } from '../../src/core/decision.js';
import type { Tool } from '../../src/core/tool.js';
import { createOrchestrator } from '../../src/create-orchestrator.js';
import type { ApprovalRequest } from '../../src/orchestrator.js';
import { createAskUserTool } from '../../src/tools/ask-user.js';
import { coreTools } from '../../src/tools/index.js';
import { scriptedModel } from '../helpers/ask-model.js';
import { collect, ofType, scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';
import { makeWorkspace } from '../helpers/workspace.js';

const asking = toolCall('AskUser', { question: 'Which one?', options: ['the red one', 'the blue one'] });

async function session(
  answer: Approval | undefined,
  permissions: Record<string, unknown> = {},
  steps = [asking],
) {
  const asked: ApprovalRequest[] = [];
  const made = await scriptedOrchestrator([...steps, { text: 'ok' }], {
    tools: [...coreTools(), createAskUserTool() as Tool],
    settings: { permissions },
    onApproval: async (request) => {
      asked.push(request);
      return answer as Approval;
    },
  });
  const events = await collect(made.orchestrator.stream('go'));
  return { asked, results: ofType(events, 'tool-result'), events };
}

describe('AskUser', () => {
  it('is offered by a host that can ask, in every mode alike, and by no other', async () => {
    const names = async (options: Partial<Parameters<typeof createOrchestrator>[0]>) => {
      const cwd = await makeWorkspace();
      const environment = { VICTOR_HOME: await makeWorkspace() };
      const orchestrator = await createOrchestrator({ cwd, environment, persist: false, ...options });
      const list = orchestrator.coordinators.tool.list().map(({ name }) => name);
      await orchestrator.close();
      return list;
    };
    expect(await names({})).not.toContain('AskUser');
    const onApproval = async () => undefined as never;
    for (const mode of modes)
      expect(await names({ onApproval, flags: { permissions: { mode } } })).toContain('AskUser');
  });

  it('is not offered by victor ask, where nobody answers', async () => {
    const { ask, lastBody } = await scriptedModel({ text: 'ok' });
    await ask(['go']);
    const { tools } = lastBody() as unknown as { tools: { name: string }[] };
    expect(tools.map(({ name }) => name)).toContain('TodoWrite');
    expect(tools.map(({ name }) => name)).not.toContain('AskUser');
  });

  it.each<[string, Approval | undefined, string]>([
    ['an option', { allowed: true, scope: 'once', answer: 'the red one' }, 'The user answered: the red one'],
    ['words of their own', { allowed: true, scope: 'once', answer: 'neither' }, 'The user answered: neither'],
    [
      'words with a no',
      { allowed: false, scope: 'once', feedback: 'ask later' },
      'The user answered: ask later',
    ],
    ['a no', { allowed: false, scope: 'once' }, 'The user gave no answer.'],
    ['a yes without words', { allowed: true, scope: 'session' }, 'The user gave no answer.'],
    [
      'nonsense',
      { allowed: true, scope: 'once', answer: 5 } as unknown as Approval,
      'The user gave no answer.',
    ],
    ['nothing', undefined, 'The user gave no answer.'],
  ])('gives the model what the user says: %s', async (_, answer, expected) => {
    const { results } = await session(answer);
    expect(results[0]!.result.content).toContain(expected);
    expect(results[0]!.result.isError).toBeUndefined();
    expect(results[0]!.denied).toBe(false);
  });

  it.each([
    ['in mode yolo', { mode: 'yolo' }],
    ['in mode plan', { mode: 'plan' }],
    ['in mode read-only', { mode: 'read-only' }],
    ['with a rule that allows it', { allow: ['AskUser'] }],
  ])('asks each time, whatever was said before: %s', async (_, permissions) => {
    const answer: Approval = { allowed: true, scope: 'project', answer: 'yes' };
    const { asked } = await session(answer, permissions, [asking, asking, asking, asking, asking, asking]);
    expect(asked).toHaveLength(6);
    expect(asked[0]!.decision.question).toEqual({
      text: 'Which one?',
      options: ['the red one', 'the blue one'],
    });
    expect(asked.flatMap(({ behind = [] }) => behind)).toEqual([]);
  });

  it('asks several questions of one message one after the other', async () => {
    const calls = ['one?', 'two?'].map((question) => ({ name: 'AskUser', input: { question } }));
    const { asked, results } = await session({ allowed: true, scope: 'once', answer: 'yes' }, {}, [
      { toolCalls: calls },
    ]);
    expect(asked.map(({ title }) => title)).toEqual(['one?', 'two?']);
    expect(results).toHaveLength(2);
  });

  it('is refused by a rule that denies it', async () => {
    const { asked, results } = await session(undefined, { deny: ['AskUser'] });
    expect(asked).toEqual([]);
    expect(results[0]!.denied).toBe(true);
  });

  it.each([
    ['no question', { question: ' ' }],
    ['ten options', { question: 'x', options: Array.from({ length: 10 }, (_, one) => `${one}`) }],
    ['an empty option', { question: 'x', options: [''] }],
    ['a page of a question', { question: 'x'.repeat(2_001) }],
    ['something besides', { question: 'x', mode: 'yolo' }],
  ])('takes no %s', (_, input) => {
    expect(createAskUserTool().schema.safeParse(input).success).toBe(false);
  });
});
