import { changedToolLines } from '../../core/changed-tool.js';
import type { ServerStatus, ServerTool, ToolServers } from '../../core/tool-servers.js';
import { clip, oneLine } from '../displayable.js';
import { type Command, info, output, warning } from './command.js';

export const mcp: Command = {
  name: 'mcp',
  argument: '[approve NAME]',
  describe: 'the MCP servers, their state and what they bring; or take the tools of one as they are now',
  values: ({ port }, written) =>
    written === '' ? [] : (port.toolServers?.list() ?? []).map(({ name }) => ({ value: `approve ${name}` })),
  run({ port }, argument) {
    const servers = port.toolServers;
    if (!servers || servers.list().length === 0)
      return info('There are no MCP servers here. victor mcp add NAME -- COMMAND names one.');
    if (argument === '') return output('MCP servers', servers.list().flatMap(serverLines));
    const [, name] = /^approve\s+(\S+)$/i.exec(argument) ?? [];
    if (name === undefined) return warning('Say which one: /mcp approve NAME');
    return approved(servers, name);
  },
};

function approved(servers: Pick<ToolServers, 'approve' | 'list'>, name: string) {
  const tools = servers.list().find((one) => one.name === name)?.tools ?? [];
  const shown = tools.flatMap(changedToolLines).map(oneLine);
  const changed = servers.approve(name);
  if (changed.length === 0) return info(`The tools of ${name} are as you approved them.`);
  const names = changed.map(oneLine).join(', ');
  return output(`Approved, and offered from the next message on: ${names}`, shown);
}

const states = {
  waiting: 'not started yet',
  starting: 'is starting',
  ready: 'ready',
  failed: 'failed',
} as const;

function serverLines({ name, transport, state, tools, prompts, resources, problem }: ServerStatus): string[] {
  return [
    `${name}  ${transport}, ${states[state]}`,
    ...(problem === undefined ? [] : [`  ${oneLine(problem)}`]),
    ...tools.flatMap((tool) => [
      toolLine(tool),
      ...changedToolLines(tool).map((line) => `    ${oneLine(line)}`),
    ]),
    ...prompts.map((one) => `  /${oneLine(one)}`),
    ...(resources ? [`  @${name}:URI attaches one of its resources`] : []),
  ];
}

/** Of what a tool does so much is shown. */
const mostCells = 60;

function toolLine({ name, description, changed }: ServerTool): string {
  const about = changed
    ? `not as you approved it, so it is not called`
    : clip(oneLine(description), mostCells);
  return `  ${oneLine(name)}  ${about}`;
}
