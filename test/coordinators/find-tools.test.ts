import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ToolSelectionCoordinator } from '../../src/coordinators/tool-selection.js';
import type { Tool } from '../../src/core/tool.js';
import { readOnlyTools } from '../../src/tools/index.js';
import { cachedSession, dialects } from '../helpers/cached-session.js';
import { collect, ofType, scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';

const subjects = 'weather invoice calendar currency recipe flight hotel parcel payroll survey'.split(' ');
const verbs = 'create delete list archive export merge approve rename share audit'.split(' ');

/** 200 tools, as several MCP servers would bring them. */
const many: readonly Tool[] = [
  ...readOnlyTools(),
  ...subjects.flatMap((subject) => verbs.flatMap((verb) => [1, 2].map((n) => toolOf(verb, subject, n)))),
].slice(0, 200);

function toolOf(verb: string, subject: string, n: number): Tool {
  return {
    name: `${subject}_${verb}_${n}`,
    description: `Will ${verb} in the ${subject} system, server ${n}. ${'More. '.repeat(n * 100)}`,
    kind: 'read',
    schema: z.object({}),
    describe: () => '',
    paths: () => [],
    execute: async () => ({ content: `${verb} ${subject} done` }),
  };
}

const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);
const find = (request: unknown) => toolCall('find_tools', { request });

describe('find_tools, with 200 tools', () => {
  it('what the model asks for is answered with names and descriptions, and can be called in its next message', async () => {
    const steps = [find('archive a parcel'), toolCall('parcel_archive_1', {}), { text: 'Archived.' }];
    const { orchestrator, requests } = await scriptedOrchestrator(steps, { tools: many });
    const events = await collect(orchestrator.stream('what is the weather'));
    const [first, second, third] = requests.map(({ tools }) => names(tools));
    expect(first).toContain('find_tools');
    expect(first).not.toContain('parcel_archive_1');
    expect(second!.slice(0, first!.length)).toEqual(first);
    expect(second).toContain('parcel_archive_1');
    expect(second!.length - first!.length).toBeLessThanOrEqual(5);
    expect(third).toEqual(second);

    const [found, called] = ofType(events, 'tool-result').map(({ result }) => result);
    expect(found!.content).toMatch(
      /^From your next message on you can call:\n- parcel_archive_[12]: Will archive in the parcel/,
    );
    expect(found!.content.length).toBeLessThan(3_000);
    expect(called!.content).toBe('archive parcel done');
    const selections = ofType(events, 'tool-selection').map(({ selection }) => selection);
    expect(selections.map(({ epoch }) => epoch)).toEqual([1, 2, 2]);
    expect(selections[1]!.reason).toMatch(/^Added parcel_archive_\d.*: the model asked for them\.$/);
  });

  it('two questions in one message make the list grow once', async () => {
    const both = {
      toolCalls: [
        { name: 'find_tools', input: { request: 'rename a recipe' } },
        { name: 'find_tools', input: { request: 'audit the payroll' } },
      ],
    };
    const { orchestrator, requests } = await scriptedOrchestrator([both, { text: 'ok' }], { tools: many });
    const events = await collect(orchestrator.stream('what is the weather'));
    expect(names(requests[1]!.tools)).toEqual(expect.arrayContaining(['recipe_rename_1', 'payroll_audit_1']));
    expect(new Set(names(requests[1]!.tools)).size).toBe(requests[1]!.tools.length);
    expect(ofType(events, 'tool-selection').map(({ selection }) => selection.epoch)).toEqual([1, 2]);
  });

  it('what is offered already is named, and the list stays as it is', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator(
      [find('weather: create, list or audit'), { text: 'ok' }],
      { tools: many },
    );
    const events = await collect(orchestrator.stream('create, list or audit the weather'));
    expect(requests[1]!.tools).toEqual(requests[0]!.tools);
    expect(ofType(events, 'tool-result')[0]!.result.content).toMatch(/^You can call these already: weather_/);
  });

  it.each(['', '   ', 7])('a question that is none is refused with what is wrong: %j', async (request) => {
    const { orchestrator } = await scriptedOrchestrator([find(request), { text: 'ok' }], { tools: many });
    const events = await collect(orchestrator.stream('what is the weather'));
    expect(ofType(events, 'tool-result')[0]!.result).toMatchObject({
      isError: true,
      content: expect.stringContaining('Invalid arguments for find_tools'),
    });
  });

  it('a question that nothing fits says so', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator([find('??? !!!'), { text: 'ok' }], {
      tools: many,
    });
    const events = await collect(orchestrator.stream('what is the weather'));
    expect(ofType(events, 'tool-result')[0]!.result.content).toMatch(/^No tool has anything to do with that/);
    expect(requests[1]!.tools).toEqual(requests[0]!.tools);
  });

  it('a model that asks without end makes the list grow at most ten times, at its end, and is told', async () => {
    let turn = 0;
    const wanted = subjects.flatMap((subject) => verbs.map((verb) => `${verb} ${subject}`));
    const { orchestrator, requests } = await scriptedOrchestrator(() => find(wanted[turn++ * 7]!), {
      tools: many,
      settings: { maxTurns: 14 },
    });
    const events = await collect(orchestrator.stream('hello'));
    const lists = requests.map(({ tools }) => names(tools));
    for (const [index, list] of lists.entries()) {
      if (index > 0) expect(list.slice(0, lists[index - 1]!.length)).toEqual(lists[index - 1]);
    }
    expect(ofType(events, 'tool-selection').at(-1)!.selection.epoch).toBe(10);
    expect(ofType(events, 'tool-result').at(-1)!.result.content).toContain('No more tools are added');
  });

  it('it needs no approval in any mode', async () => {
    for (const mode of ['ask', 'plan', 'read-only', 'yolo'] as const) {
      const { orchestrator } = await scriptedOrchestrator([find('archive a parcel'), { text: 'ok' }], {
        tools: many,
        settings: { permissions: { mode } },
      });
      const events = await collect(orchestrator.stream('hello'));
      expect(ofType(events, 'tool-result')[0]).toMatchObject({ denied: false });
      expect(ofType(events, 'tool-result')[0]!.result.content).toContain('parcel_archive_1');
    }
  });
});

describe('find_tools is there only where it helps', () => {
  it('while all tools fit there is none, and a call of it is one of an unknown tool', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator([find('x'), { text: 'ok' }], {
      tools: many.slice(0, 40),
    });
    const events = await collect(orchestrator.stream('hello'));
    expect(names(requests[0]!.tools)).toEqual(names(many.slice(0, 40)));
    expect(ofType(events, 'tool-result')[0]!.result.unknownTool).toBe(true);
  });

  it("under a tool-selection coordinator of the user's that cannot find, there is none", async () => {
    const toolSelection = {
      select: async () => ({ offered: ['Read'], strategy: 'mine', scores: [], epoch: 0, reason: 'mine' }),
    };
    const { orchestrator, requests } = await scriptedOrchestrator([{ text: 'ok' }], {
      tools: many,
      coordinators: { toolSelection },
    });
    await orchestrator.chat('hello');
    expect(names(requests[0]!.tools)).toEqual(['Read']);
    expect(names(orchestrator.coordinators.tool.list())).not.toContain('find_tools');
  });

  it('where the strategy fails, keyword finds', async () => {
    const toolSelection = new ToolSelectionCoordinator({
      strategy: {
        name: 'mine',
        score: () => {
          throw new Error('no');
        },
      },
    });
    const { orchestrator, requests } = await scriptedOrchestrator(
      [find('archive a parcel'), { text: 'ok' }],
      {
        tools: many,
        coordinators: { toolSelection },
      },
    );
    const events = await collect(orchestrator.stream('hello'));
    expect(names(requests[1]!.tools)).toContain('parcel_archive_1');
    expect(ofType(events, 'extension-failure')).toHaveLength(1);
  });
});

describe.each(dialects)('over the %s dialect', (dialect) => {
  it('a session that finds tools loses its cache once a find, and the diagnosis says that the list grew', async () => {
    const tool = `export const create = ({ name, area }, { z }) => ({
      name, kind: 'read', description: 'Will ' + name.replaceAll('_', ' ') + ' in the ' + area + ' system.',
      schema: z.object({ id: z.string().optional() }), paths: () => [], describe: () => '', execute: async () => ({ content: 'ok' }) });`;
    const tools = subjects.flatMap((area) =>
      verbs.flatMap((verb) => [1, 2].map((n) => ['./tool.mjs', { name: `${verb}_${area}_${n}`, area }])),
    );
    const script = [
      { toolCalls: [{ name: 'find_tools', input: { request: 'archive a parcel' } }] },
      { toolCalls: [{ name: 'archive_parcel_1', input: {} }] },
      { text: 'Archived.' },
      ...Array.from({ length: 5 }, () => ({ text: 'Yes.' })),
    ];
    let step = 0;
    const session = await cachedSession(dialect, () => script[step++]!, {
      files: { 'tool.mjs': tool },
      settings: { tools },
    });
    await session.orchestrator.chat('What is the weather?');
    for (let turn = 0; turn < 5; turn++) await session.orchestrator.chat('And the weather then?');
    expect(session.onlyAdds().filter((adds) => !adds)).toHaveLength(1);
    expect(session.breaks().map(({ cause }) => cause)).toEqual(['tool-epoch']);
    expect(ofType(session.events, 'tool-result').map(({ result }) => result.isError ?? false)).toEqual([
      false,
      false,
    ]);
  });
});
