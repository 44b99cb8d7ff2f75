import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { ToolSelectionCoordinator } from '../../src/coordinators/tool-selection.js';
import type { Selection } from '../../src/core/decision.js';
import type { ExtensionFailure, ToolSelectionStrategy } from '../../src/core/extension.js';
import type { Tool } from '../../src/core/tool.js';
import { createOrchestrator } from '../../src/create-orchestrator.js';
import { coreTools, readOnlyTools } from '../../src/tools/index.js';
import { collect, ofType, scriptedOrchestrator } from '../helpers/scripted-orchestrator.js';
import { makeWorkspace } from '../helpers/workspace.js';

const subjects = [
  ...[
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
  ],
  ...['hotel', 'parcel', 'contact', 'photo', 'payroll', 'ticket', 'survey', 'backup', 'password', 'garden'],
];

function toolOf(index: number): Tool {
  const subject = subjects[index % subjects.length]!;
  return {
    name: `${subject}_${index}`,
    description: `Handles ${subject} number ${index}.`,
    kind: 'read',
    schema: z.object({}),
    describe: () => '',
    execute: async () => ({ content: 'ok' }),
  };
}

const extra = Array.from({ length: 60 }, (_, index) => toolOf(index));
const tools = [...extra.slice(0, 30), ...readOnlyTools(), ...extra.slice(30)];
const core = readOnlyTools().map(({ name }) => name);
const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);

/** A strategy that gives these tools a 1 and all others a 0, and notes what it was asked. */
function liking(pattern: RegExp, asked: string[] = []): ToolSelectionStrategy {
  return {
    name: 'liking',
    score: (request, list) => {
      asked.push(request);
      return list.map(({ name }) => ({ name, score: pattern.test(name) ? 1 : 0, reason: `like ${name}` }));
    },
  };
}

function expectToGrowAtTheEnd(lists: readonly (readonly string[])[]): void {
  for (const [index, list] of lists.entries()) {
    if (index > 0) expect(list.slice(0, lists[index - 1]!.length)).toEqual(lists[index - 1]);
  }
}

describe('tool selection does not destroy prompt caching (decision 9)', () => {
  it('while all tools fit, all are offered, and no strategy is asked', async () => {
    const asked: string[] = [];
    const toolSelection = new ToolSelectionCoordinator({ strategy: liking(/./, asked), maxTools: 4 });
    const { orchestrator, requests } = await scriptedOrchestrator([{ text: 'ok' }], {
      tools: readOnlyTools(),
      coordinators: { toolSelection },
    });
    const events = await collect(orchestrator.stream('hi'));
    expect(names(requests[0]!.tools)).toEqual(['Read', 'Glob', 'Grep', 'List']);
    expect(ofType(events, 'tool-selection')[0]?.selection).toMatchObject({
      reason: 'All 4 tools fit.',
      epoch: 0,
      scores: [],
    });
    expect(asked).toEqual([]);
  });

  it('tools come in one fixed order, the core ones always among them, the best of the rest beside', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator([{ text: 'ok' }], {
      tools,
      settings: { toolSelection: { maxTools: 7 } },
    });
    await orchestrator.chat('convert these currencies');
    const offered = names(requests[0]!.tools);
    expect(offered).toHaveLength(8);
    expect(offered).toEqual(expect.arrayContaining([...core, 'find_tools']));
    expect(offered.filter((name) => name.startsWith('currency'))).toHaveLength(3);
    const all = names(orchestrator.coordinators.tool.list());
    expect(all).toEqual(['find_tools', ...names(tools)]);
    expect(offered).toEqual(all.filter((name) => offered.includes(name)));
  });

  it('core tools are there even when there are more of them than maxTools', async () => {
    const all = [...coreTools(), ...extra];
    const { offered } = await new ToolSelectionCoordinator({ maxTools: 2 }).select({
      sessionId: 's',
      text: 'the weather',
      tools: all,
    });
    expect(offered).toEqual(names(coreTools()));
  });

  it('with 200 tools, 50 turns about 20 subjects grow the offered list at its end, in at most 3 epochs', async () => {
    const many = [...readOnlyTools(), ...Array.from({ length: 196 }, (_, index) => toolOf(index))];
    const { orchestrator, requests } = await scriptedOrchestrator(() => ({ text: 'ok' }), {
      tools: many,
      settings: { maxTurns: 100 },
    });
    const epochs: number[] = [];
    for (let turn = 0; turn < 50; turn++) {
      const text = `please ${subjects[(turn * 7) % subjects.length]} now`;
      const events = await collect(orchestrator.stream(text));
      epochs.push(ofType(events, 'tool-selection')[0]!.selection.epoch);
    }
    const lists = requests.map((request) => names(request.tools));
    expect(lists).toHaveLength(50);
    expectToGrowAtTheEnd(lists);
    const grown = lists.filter((list, index) => index > 0 && list.length > lists[index - 1]!.length);
    expect(grown.length).toBeGreaterThan(0);
    expect(grown.length).toBeLessThanOrEqual(3);
    expect(Math.max(...epochs)).toBeLessThanOrEqual(3);
    expect(epochs).toEqual(epochs.toSorted((a, b) => a - b));
  });

  it('all requests of one turn are offered the same tools, ranked once', async () => {
    const asked: string[] = [];
    const toolSelection = new ToolSelectionCoordinator({ strategy: liking(/poll/, asked), maxTools: 12 });
    const steps = [{ toolCalls: [{ name: 'poll_9', input: {} }] }, { text: 'done' }];
    const { orchestrator, requests } = await scriptedOrchestrator(steps, {
      tools,
      coordinators: { toolSelection },
    });
    await orchestrator.chat('ask the people');
    expect(requests).toHaveLength(2);
    expect(requests[1]!.tools).toEqual(requests[0]!.tools);
    expect(asked).toEqual(['ask the people']);
  });

  it('modes refuse tools, they never remove them from the list', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator(() => ({ text: 'ok' }));
    for (const mode of ['ask', 'plan', 'read-only', 'yolo'] as const) {
      orchestrator.coordinators.mode.set(mode, orchestrator.sessionId);
      await orchestrator.chat(`hello in ${mode}`);
    }
    expect(requests).toHaveLength(4);
    for (const request of requests) expect(names(request.tools)).toEqual(names(coreTools()));
  });

  it('a tool that comes later goes to the end, and one that is gone leaves the others where they are', async () => {
    const toolSelection = new ToolSelectionCoordinator({ strategy: liking(/poll_9/), maxTools: 5 });
    const select = (list: readonly Tool[]) =>
      toolSelection.select({ sessionId: 's', text: 'x', tools: list });
    const [one, two, three] = extra as [Tool, Tool, Tool];
    expect((await select([two, three])).offered).toEqual(names([two, three]));
    expect((await select([one, two, three])).offered).toEqual(names([two, three, one]));
    expect((await select([one, three])).offered).toEqual(names([three, one]));
    const grown = await select([...extra.slice(0, 12), ...readOnlyTools()]);
    expect(grown.offered.slice(0, 2)).toEqual(names([three, one]));
    expect(grown.offered).toEqual(expect.arrayContaining(['poll_9', ...core]));
    expect(grown.offered).not.toContain(two.name);
  });

  it('sessions have lists of their own', async () => {
    const toolSelection = new ToolSelectionCoordinator({ maxTools: 7 });
    const select = async (sessionId: string, text: string) =>
      (await toolSelection.select({ sessionId, text, tools })).offered;
    const weather = await select('one', 'weather');
    expect(weather.some((name) => name.startsWith('weather'))).toBe(true);
    expect((await select('two', 'music')).some((name) => name.startsWith('weather'))).toBe(false);
  });

  it('a change of strategy or size keeps what is offered, and serves from the next growth on', async () => {
    const toolSelection = new ToolSelectionCoordinator({ strategy: liking(/music/), maxTools: 7 });
    const select = (text: string) => toolSelection.select({ sessionId: 's', text, tools });
    const first = await select('a');
    toolSelection.configure({ strategy: liking(/flight/), maxTools: 5 });
    const second = await select('a');
    expectToGrowAtTheEnd([first.offered, second.offered]);
    expect(second.offered.slice(7).every((name) => name.startsWith('flight'))).toBe(true);
    expect(second.offered.length).toBeGreaterThan(7);
  });
});

describe('a selection can be explained', () => {
  it('with the strategy, the scores, a reason for each tool, and one for the whole', async () => {
    const { orchestrator } = await scriptedOrchestrator([{ text: 'ok' }], {
      tools,
      settings: { toolSelection: { maxTools: 12 } },
    });
    const events = await collect(orchestrator.stream('convert these currencies'));
    const { selection } = ofType(events, 'tool-selection')[0]!;
    expect(selection).toMatchObject({
      strategy: 'hybrid',
      epoch: 1,
      reason: 'Core tools and the best of 65 for the first request.',
    });
    expect(selection.scores).toHaveLength(tools.length + 1);
    expect(selection.scores[0]).toMatchObject({ name: 'currency_4', score: 1 });
    expect(selection.scores[0]?.reason).toContain('"currencies"');
    for (const { reason } of selection.scores) expect(reason).not.toBe('');
  });

  it('a growth names what was added', async () => {
    const toolSelection = new ToolSelectionCoordinator({ maxTools: 7 });
    await toolSelection.select({ sessionId: 's', text: 'weather', tools });
    const { reason, epoch } = await toolSelection.select({ sessionId: 's', text: 'music', tools });
    expect(reason).toMatch(/^Added music_7, music_/);
    expect(epoch).toBe(2);
    const again = await toolSelection.select({ sessionId: 's', text: 'more music', tools });
    expect(again).toMatchObject({ reason: 'Nothing new was worth giving up the prompt cache.', epoch: 2 });
  });

  it('rank() scores every tool also while all fit, and changes nothing', async () => {
    const toolSelection = new ToolSelectionCoordinator({ maxTools: 7 });
    const ranking = await toolSelection.rank({ sessionId: 's', text: 'music', tools });
    expect(ranking.strategy).toBe('hybrid');
    expect(ranking.scores).toHaveLength(tools.length);
    const { offered } = await toolSelection.select({ sessionId: 's', text: 'weather', tools });
    expect(offered.some((name) => name.startsWith('music'))).toBe(false);
  });

  it.each(['keyword', 'semantic', 'hybrid'])('%s is deterministic for equal input', async (strategy) => {
    const select = async (): Promise<Selection> => {
      const { orchestrator } = await scriptedOrchestrator([], {
        tools,
        settings: { toolSelection: { strategy, maxTools: 12 } },
      });
      return orchestrator.coordinators.toolSelection.select({ sessionId: 's', text: 'book a flight', tools });
    };
    const selection = await select();
    expect(selection.strategy).toBe(strategy);
    expect(await select()).toEqual(selection);
  });

  it('the alpha of the settings is that of hybrid', async () => {
    const scores = async (alpha: number) => {
      const { orchestrator } = await scriptedOrchestrator([], { settings: { toolSelection: { alpha } } });
      const ranking = await orchestrator.coordinators.toolSelection.rank!({
        sessionId: 's',
        text: 'translating currencies',
        tools,
      });
      return ranking.scores.map(({ score }) => score);
    };
    expect(await scores(0)).not.toEqual(await scores(1));
  });

  it('a new alpha in the settings file serves from the next turn on', async () => {
    const home = await makeWorkspace({ 'config.yaml': 'toolSelection: { alpha: 0 }' });
    const orchestrator = await createOrchestrator({
      cwd: await makeWorkspace(),
      environment: { VICTOR_HOME: home },
      persist: false,
    });
    onTestFinished(() => orchestrator.close());
    const scores = async (sessionId: string) => {
      const request = { sessionId, text: 'translating currencies', tools };
      const { scores } = await orchestrator.coordinators.toolSelection.rank!(request);
      return scores.map(({ score }) => score);
    };
    const before = await scores('one');
    await writeFile(join(home, 'config.yaml'), 'toolSelection: { alpha: 1 }');
    await orchestrator.reload();
    expect(await scores('one')).not.toEqual(before);
    expect(await scores('one')).toEqual(await scores('two'));
  });

  it('of a very long request the beginning and the end are read', async () => {
    const asked: string[] = [];
    const toolSelection = new ToolSelectionCoordinator({ strategy: liking(/poll/, asked), maxTools: 12 });
    const text = `weather ${'padding '.repeat(100_000)} music`;
    await toolSelection.select({ sessionId: 's', text, tools });
    expect(asked[0]!.length).toBeLessThan(11_000);
    expect(asked[0]).toMatch(/^weather padding .*\n.* music$/);
  });
});

describe('where the strategy fails, keyword serves', () => {
  const score =
    (value: unknown): ToolSelectionStrategy['score'] =>
    (_, list) =>
      list.map(({ name }) => ({ name, score: value as number, reason: '' }));
  const broken: [string, ToolSelectionStrategy['score']][] = [
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['rejects', async () => Promise.reject(new Error('no'))],
    ['never answers', () => new Promise(() => {})],
    ['answers too little', () => []],
    ['answers nothing', () => undefined as never],
    ['answers no objects', (_, list) => list.map(() => null) as never],
    ['names one tool twice', (_, list) => list.map(() => ({ name: list[0]!.name, score: 1, reason: '' }))],
    ['scores with NaN', score(Number.NaN)],
    ['scores above 1', score(7)],
    ['scores with text', score('1')],
    [
      'changes the list it was given',
      (_, list) => {
        (list as unknown[]).length = 0;
        return [];
      },
    ],
    [
      'changes a tool it was given',
      (_, list) => {
        for (const tool of list) (tool.keywords as string[]).push('weather');
        return [];
      },
    ],
  ];

  it.each(broken)('for a strategy that %s, and that is said once', async (_, misbehave) => {
    const toolSelection = new ToolSelectionCoordinator({
      strategy: { name: 'mine', score: misbehave },
      maxTools: 12,
      timeoutMs: 20,
    });
    const { orchestrator, requests } = await scriptedOrchestrator(() => ({ text: 'ok' }), {
      tools,
      coordinators: { toolSelection },
    });
    const first = await collect(orchestrator.stream('check the weather'));
    const second = await collect(orchestrator.stream('and play music'));
    expect(names(requests[0]!.tools).filter((name) => name.startsWith('weather'))).toHaveLength(3);
    expect(names(requests[1]!.tools).some((name) => name.startsWith('music'))).toBe(true);
    const failures = ofType([...first, ...second], 'extension-failure').map(({ failure }) => failure);
    expect(failures).toEqual([
      {
        kind: 'tool-selection',
        name: 'mine',
        message: expect.any(String),
        fallback: 'keyword selection for the rest of the session',
      },
    ]);
    for (const { selection } of ofType([...first, ...second], 'tool-selection')) {
      expect(selection.strategy).toBe('keyword');
    }
  });

  it('in the session where it failed: others try it, and a new strategy is tried everywhere', async () => {
    const failures: [string, string | undefined][] = [];
    const toolSelection = new ToolSelectionCoordinator({ maxTools: 12, strategy: { name: 'mine' } as never });
    toolSelection.onExtensionFailure = ({ name }: ExtensionFailure, sessionId) =>
      failures.push([name, sessionId]);
    const select = (sessionId: string, text: string) => toolSelection.select({ sessionId, text, tools });
    await select('one', 'weather');
    await select('one', 'music');
    await select('two', 'weather');
    expect(failures).toEqual([
      ['mine', 'one'],
      ['mine', 'two'],
    ]);
    toolSelection.configure({ strategy: liking(/poll/) });
    expect((await select('one', 'polls')).strategy).toBe('liking');
  });

  it('a score that changes after the answer changes nothing', async () => {
    const kept: { name: string; score: number; reason: string }[] = [];
    const strategy: ToolSelectionStrategy = {
      score: (_, list) => {
        kept.push(...list.map(({ name }) => ({ name, score: 0.5, reason: 'half' })));
        return kept;
      },
    };
    const selection = await new ToolSelectionCoordinator({ maxTools: 12, strategy }).select({
      sessionId: 's',
      text: 'x',
      tools,
    });
    for (const one of kept) one.score = Number.NaN;
    expect(selection.scores.every(({ score }) => score === 0.5)).toBe(true);
    expect(selection.strategy).toBe('Object');
  });
});
