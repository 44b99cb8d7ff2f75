import { expect, it } from 'vitest';
import type { ServerStatus } from '../../src/core/tool-servers.js';
import type { CommandContext } from '../../src/ui/commands/command.js';
import { mcp } from '../../src/ui/commands/mcp.js';

const tool = { name: 'mcp__one__do', description: 'Does it.', changed: false };
const one: ServerStatus = {
  name: 'one',
  transport: 'stdio',
  state: 'ready',
  tools: [],
  prompts: [],
  resources: false,
};

/** The text of what `/mcp` shows with these servers. */
async function shown(
  servers: readonly ServerStatus[] | undefined,
  argument = '',
  approved: readonly string[] = [],
) {
  const toolServers = servers && { list: () => servers, approve: () => approved };
  const context = { port: { toolServers } } as unknown as CommandContext;
  return JSON.stringify(await mcp.run(context, argument)).replaceAll('\\n', '\n');
}

it('without servers it says how one is named, whether they are absent or an empty list', async () => {
  for (const servers of [undefined, []]) expect(await shown(servers)).toContain('victor mcp add');
});

it('a server has its state, its tools, its prompts and how its resources are named', async () => {
  const text = await shown([{ ...one, tools: [tool], prompts: ['one:greet'], resources: true }]);
  expect(text).toMatch(/one {2}stdio, ready\n {2}mcp__one__do {2}Does it\.\n {2}\/one:greet\n {2}@one:URI/);
});

it.each([
  ['waiting', 'not started yet'],
  ['starting', 'is starting'],
  ['failed', 'failed\n  It ended.'],
] as const)('one that is %s says so, and why', async (state, words) => {
  const problem = state === 'failed' ? { problem: 'It ended.' } : {};
  expect(await shown([{ ...one, transport: 'http', state, ...problem }])).toContain(`one  http, ${words}`);
});

it('a tool that changed shows all that it says of itself now, and that it is not called', async () => {
  const now = { description: 'Sends it away.', inputSchema: { type: 'object' } };
  const text = await shown([{ ...one, tools: [{ ...tool, changed: true, now }] }]);
  expect(text).toMatch(/mcp__one__do {2}not as you approved it, so it is not called\n[\s\S]*Sends it away\./);
});

it('what a server says cannot move on the screen, break a line or fill it', async () => {
  const evil = `a\u001b[2J\nb${'x'.repeat(500)}`;
  const text = await shown([
    { ...one, problem: evil, state: 'failed', tools: [{ ...tool, description: evil }], prompts: [evil] },
  ]);
  expect(text).not.toContain('\\u001b');
  expect(text).not.toMatch(/^b/m);
  expect(/mcp__one__do {2}(.*)/.exec(text)?.[1]?.length).toBeLessThan(70);
});

it('approve names what is offered from now on, or that nothing has changed, or asks which one', async () => {
  const servers = [{ ...one, tools: [{ ...tool, changed: true, now: { description: 'New.' } }] }];
  expect(await shown(servers, 'approve one', ['mcp__one__do'])).toMatch(
    /offered from the next message on: mcp__one__do[\s\S]*New\./,
  );
  expect(await shown([one], 'approve one')).toContain('as you approved them');
  expect(await shown([one], 'approve')).toContain('Say which one');
  expect(await shown([one], 'constructor one')).toContain('Say which one');
});
