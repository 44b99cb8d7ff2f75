import { describe, expect, it } from 'vitest';
import type { Approval } from '../../src/core/decision.js';
import type { Tool } from '../../src/core/tool.js';
import { coreTools } from '../../src/tools/index.js';
import { createPlanTool } from '../../src/tools/plan.js';
import { createApprovalQueue } from '../../src/ui/approval-queue.js';
import { createModeChanges } from '../../src/ui/mode-changes.js';
import { scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';

const plan = '# Add a cache\n\n1. Write it.';

/** A session in mode plan whose plan was handed over and sent back, and what the screen does on a change of mode. */
async function setUp() {
  const { orchestrator } = await scriptedOrchestrator(
    ({ messages }) => (messages.at(-1)?.role === 'user' ? toolCall('Plan', { plan }) : { text: 'ok' }),
    {
      tools: [...coreTools(), createPlanTool() as Tool],
      settings: { permissions: { mode: 'plan' } },
      onApproval: async () => ({ allowed: false, scope: 'once', feedback: 'smaller' }),
    },
  );
  const { sessionId } = orchestrator;
  const queue = createApprovalQueue();
  const sent: string[] = [];
  const typed: (boolean | undefined)[] = [];
  const send = (text: string, how?: { typed?: boolean }) => {
    sent.push(text);
    typed.push(how?.typed);
  };
  const conversation = { sessionId, send };
  const changes = createModeChanges({ port: orchestrator, queue, conversation });
  const answer = async (approval: Approval) => {
    queue.answer(queue.current()!, approval);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const mode = (id = sessionId) => orchestrator.coordinators.mode.current(id);
  return { orchestrator, queue, sent, typed, conversation, changes, answer, mode, sessionId };
}

const bareNo: Approval = { allowed: false, scope: 'once' };

describe('leaving mode plan', () => {
  it('just changes the mode where no plan was handed over', async () => {
    const { changes, mode, queue, sessionId } = await setUp();
    expect(changes.change('ask', sessionId)).toBe(true);
    expect([mode(), queue.current()]).toEqual(['ask', undefined]);
  });

  it('shows the plan that was not approved, and changes nothing before the answer', async () => {
    const { orchestrator, changes, mode, queue, sessionId } = await setUp();
    await orchestrator.chat('go');
    expect(changes.change('read-only', sessionId)).toBe(false);
    expect(queue.current()).toMatchObject({ decision: { plan }, title: 'Add a cache', sessionId });
    expect(queue.current()?.decision.reason).toContain('n goes on to mode read-only');
    expect(mode()).toBe('plan');
    // Asked once, however often the key is pressed.
    expect(changes.change('read-only', sessionId)).toBe(false);
    expect(queue.waiting).toBe(1);
  });

  it.each(['accept-edits', 'ask'] as const)(
    'a yes with mode %s sets that mode and tells the model, whose turn is over',
    async (chosen) => {
      const { orchestrator, changes, answer, mode, sent, queue, sessionId } = await setUp();
      await orchestrator.chat('go');
      changes.change('read-only', sessionId);
      await answer({ allowed: true, scope: 'once', mode: chosen });
      expect([mode(), sent]).toEqual([chosen, ['I approve your plan. Carry it out.']]);
      expect(queue.current()).toBeUndefined();
    },
  );

  it('a plan that the model no longer sees goes to it with the yes', async () => {
    const { orchestrator, changes, answer, sent, typed, sessionId } = await setUp();
    await orchestrator.chat('go');
    orchestrator.coordinators.context.reset(sessionId);
    changes.change('ask', sessionId);
    await answer({ allowed: true, scope: 'once', mode: 'ask' });
    expect(sent).toEqual([`I approve this plan. Carry it out.\n\n${plan}`]);
    // The model wrote it: what it mentions is not read as if the user had.
    expect(typed).toEqual([false]);
  });

  it('what is to be changed goes to the model as a message, and mode plan holds', async () => {
    const { orchestrator, changes, answer, mode, sent, sessionId } = await setUp();
    await orchestrator.chat('go');
    changes.change('ask', sessionId);
    await answer({ ...bareNo, feedback: 'use SQLite' });
    expect([mode(), sent]).toEqual(['plan', ['use SQLite']]);
    expect(changes.change('ask', sessionId)).toBe(false);
  });

  it('what is to be changed is a message also where it begins like a command of the shell', async () => {
    const { orchestrator, changes, answer, sent, sessionId } = await setUp();
    await orchestrator.chat('go');
    changes.change('ask', sessionId);
    await answer({ ...bareNo, feedback: '!important: keep the tests' });
    expect(sent).toEqual([' !important: keep the tests']);
  });

  it('a no goes on to the wanted mode without the plan, which is then forgotten', async () => {
    const { orchestrator, changes, answer, mode, sent, sessionId } = await setUp();
    await orchestrator.chat('go');
    changes.change('yolo', sessionId);
    await answer(bareNo);
    expect([mode(), sent]).toEqual(['yolo', []]);
    changes.change('plan', sessionId);
    expect(changes.change('ask', sessionId)).toBe(true);
  });

  it('taken back, nothing changes, and the plan is asked about the next time', async () => {
    const { orchestrator, changes, mode, sent, queue, sessionId } = await setUp();
    await orchestrator.chat('go');
    changes.change('ask', sessionId);
    queue.current()?.takeBack?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect([mode(), sent, queue.current()]).toEqual(['plan', [], undefined]);
    expect(changes.change('ask', sessionId)).toBe(false);
  });

  it.each<readonly [string, (made: Awaited<ReturnType<typeof setUp>>) => unknown]>([
    ['the mode changed by another way', ({ orchestrator }) => orchestrator.setMode('read-only')],
    ['the context was emptied', ({ orchestrator, sessionId }) => orchestrator.resetSession(sessionId)],
  ])('the question goes and the plan is forgotten when %s', async (_, happen) => {
    const made = await setUp();
    await made.orchestrator.chat('go');
    made.changes.change('ask', made.sessionId);
    await happen(made);
    expect(made.queue.current()).toBeUndefined();
    made.orchestrator.setMode('plan');
    expect(made.changes.change('ask', made.sessionId)).toBe(true);
    expect(made.sent).toEqual([]);
  });

  it('a plan of one session is no question of another, nor is its answer', async () => {
    const { orchestrator, changes, conversation, answer, mode, sent, queue, sessionId } = await setUp();
    await orchestrator.chat('go');
    expect(changes.change('ask', 'another')).toBe(true);
    expect([mode('another'), mode(), queue.current()]).toEqual(['ask', 'plan', undefined]);
    changes.change('ask', sessionId);
    Object.assign(conversation, { sessionId: 'another' });
    await answer({ allowed: true, scope: 'once', mode: 'accept-edits' });
    expect([mode('another'), mode(), sent]).toEqual(['ask', 'plan', []]);
  });
});
