import { describe, expect, it } from 'vitest';
import { modes } from '../../src/core/coordinator.js';
import { toolTitle } from '../../src/core/tool-title.js';
import { createOrchestrator } from '../../src/create-orchestrator.js';
import type { ApprovalRequest } from '../../src/orchestrator.js';
import { createPlanTool } from '../../src/tools/plan.js';
import { makeWorkspace } from '../helpers/workspace.js';

const no = async (_: ApprovalRequest) => ({ allowed: false, scope: 'once' }) as const;

async function definitions(options: Pick<Parameters<typeof createOrchestrator>[0], 'onApproval' | 'flags'>) {
  const cwd = await makeWorkspace();
  const environment = { VICTOR_HOME: await makeWorkspace() };
  const orchestrator = await createOrchestrator({ cwd, environment, persist: false, ...options });
  const all = orchestrator.coordinators.tool.definitions();
  await orchestrator.close();
  return all;
}

describe('Plan', () => {
  it('is offered by a host that can ask, in every mode alike, and by no other', async () => {
    const without = (await definitions({})).map(({ name }) => name);
    expect(without).not.toContain('Plan');
    const lists = await Promise.all(
      modes.map((mode) => definitions({ onApproval: no, flags: { permissions: { mode } } })),
    );
    for (const list of lists) {
      expect(list).toEqual(lists[0]);
      // What else needs somebody to ask.
      const others = list.filter(({ name }) => name !== 'Plan' && name !== 'AskUser');
      expect(others.map(({ name }) => name)).toEqual(without);
      expect(list.filter(({ name }) => name === 'Plan')).toHaveLength(1);
    }
  });

  it('takes at most 300 bytes of every request', async () => {
    const plan = (await definitions({ onApproval: no })).find(({ name }) => name === 'Plan')!;
    const { name, description, inputSchema: input_schema } = plan;
    const bytes = Buffer.byteLength(JSON.stringify({ name, description, input_schema }));
    console.log(`Plan: ${bytes} bytes of every request`);
    expect(bytes).toBeLessThanOrEqual(300);
  });

  it.each([
    ['\n\n## Add a cache\n\n1. Write it.', 'Add a cache'],
    ['Just do it.', 'Just do it.'],
    ['###', '#'],
    [`# ${'👩‍🚀'.repeat(60)}`, `${'👩‍🚀'.repeat(26)}👩‍`],
  ])('is titled by its first line: %j', (plan, title) => {
    expect(toolTitle(createPlanTool(), { id: '1', name: 'Plan', input: { plan } })).toBe(title);
  });

  it('takes no empty plan and nothing besides', () => {
    const { schema } = createPlanTool();
    expect(
      [{ plan: ' \n' }, {}, { plan: 'x', mode: 'yolo' }].map((one) => schema.safeParse(one).success),
    ).toEqual([false, false, false]);
  });
});
