import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ToolSelectionCoordinator } from '../../src/coordinators/tool-selection.js';
import type { ToolSelectionStrategy } from '../../src/core/extension.js';
import type { Tool } from '../../src/core/tool.js';
import { readOnlyTools } from '../../src/tools/index.js';
import { collect, ofType, scriptedOrchestrator } from '../helpers/scripted-orchestrator.js';

const subjects = [
  'weather',
  'invoice',
  'calendar',
  'translate',
  'currency',
  'recipe',
  'flight',
  'music',
  'stock',
  'poll',
];
const extra: Tool[] = Array.from({ length: 60 }, (_, n) => ({
  name: `${subjects[n % 10]}_${n}`,
  description: `Handles ${subjects[n % 10]} number ${n}.`,
  kind: 'read',
  schema: z.object({}),
  describe: () => '',
  execute: async () => ({ content: 'ok' }),
}));
const tools = [...extra.slice(0, 30), ...readOnlyTools(), ...extra.slice(30)];

describe('tool selection', () => {
  it('offers everything while all tools fit', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator([{ text: 'ok' }], {
      tools: readOnlyTools(),
    });
    const events = await collect(orchestrator.stream('hi'));
    expect(requests[0]?.tools.map(({ name }) => name)).toEqual(['Read', 'Glob', 'Grep', 'List']);
    expect(ofType(events, 'tool-selection')[0]?.selection.reason).toBe('All 4 tools fit.');
  });

  it('with too many tools it offers the core ones and the best, in the one fixed order, and says why', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator([{ text: 'ok' }], {
      tools,
      settings: { toolSelection: { strategy: 'keyword', maxTools: 12 } },
    });
    const events = await collect(orchestrator.stream('convert this currency'));
    const names = requests[0]!.tools.map(({ name }) => name);
    expect(names).toHaveLength(12);
    for (const core of ['Read', 'Glob', 'Grep', 'List']) expect(names).toContain(core);
    expect(names.filter((name) => name.startsWith('currency'))).toHaveLength(6);
    const order = tools.map(({ name }) => name).filter((name) => names.includes(name));
    expect(names).toEqual(order);
    const [best] = ofType(events, 'tool-selection')[0]!.selection.scores;
    expect(best).toMatchObject({ score: 1 });
    expect(best?.reason).toContain('currency');
  });

  it('over 50 turns the offered list only grows at its end, in at most 3 epochs', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator(() => ({ text: 'ok' }), {
      tools,
      settings: { toolSelection: { strategy: 'keyword', maxTools: 12 } },
    });
    for (let turn = 0; turn < 50; turn++) await orchestrator.chat(`please ${subjects[turn % 10]} now`);
    const lists = requests.map((request) => request.tools.map(({ name }) => name));
    for (const [index, list] of lists.entries()) {
      if (index > 0) expect(list.slice(0, lists[index - 1]!.length)).toEqual(lists[index - 1]);
    }
    const changes = lists.filter((list, index) => index > 0 && list.length !== lists[index - 1]!.length);
    expect(changes.length).toBeGreaterThan(0);
    expect(changes.length).toBeLessThanOrEqual(3);
  });

  it('is deterministic for equal input', async () => {
    const select = () =>
      new ToolSelectionCoordinator({ maxTools: 12 }).select({ sessionId: 's', text: 'book a flight', tools });
    expect(await select()).toEqual(await select());
  });

  const broken: [string, ToolSelectionStrategy['score']][] = [
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['never answers', () => new Promise(() => {})],
    ['answers too little', () => []],
    ['scores with NaN', (_, list) => list.map(({ name }) => ({ name, score: Number.NaN, reason: '' }))],
  ];
  it.each(broken)('a strategy that %s falls back to keyword', async (_, score) => {
    const toolSelection = new ToolSelectionCoordinator({
      strategy: { name: 'mine', score },
      maxTools: 12,
      timeoutMs: 20,
    });
    const { orchestrator, requests } = await scriptedOrchestrator([{ text: 'ok' }], {
      tools,
      coordinators: { toolSelection },
    });
    const events = await collect(orchestrator.stream('check the weather'));
    expect(requests[0]!.tools.some(({ name }) => name.startsWith('weather'))).toBe(true);
    expect(ofType(events, 'extension-failure')[0]?.failure).toMatchObject({
      kind: 'tool-selection',
      name: 'mine',
    });
  });
});
