import { changedToolLines } from '../../core/changed-tool.js';
import { errorData } from '../../core/errors.js';
import type { ServerStatus, ServerTool, ToolServers } from '../../core/tool-servers.js';
import type { BlockBody } from '../../state.js';
import { clip, oneLine } from '../displayable.js';
import { type Command, type CommandContext, info, output, warning } from './command.js';

export const mcp: Command = {
  name: 'mcp',
  argument: '[approve|login|logout NAME]',
  describe:
    'the MCP servers, their state and what they bring; take the tools of one as they are now; log in at one',
  values: ({ port }, written) => (written === '' ? [] : (port.toolServers?.list() ?? []).flatMap(valuesFor)),
  run({ port, show, copy, host }, argument) {
    const servers = port.toolServers;
    if (!servers || servers.list().length === 0)
      return info('There are no MCP servers here. victor mcp add NAME -- COMMAND names one.');
    if (argument === '') return output('MCP servers', servers.list().flatMap(serverLines));
    const [, verb = '', name] = /^(\S+)\s+(\S+)$/.exec(argument) ?? [];
    const act = actions.get(verb.toLowerCase());
    if (act === undefined || name === undefined)
      return warning('Say which one: /mcp approve NAME, /mcp login NAME or /mcp logout NAME');
    return act(servers, name, { show, copy, ...(host ? { host } : {}) });
  },
};

type Servers = Pick<ToolServers, 'approve' | 'list' | 'logIn' | 'logOut'>;
type Around = Pick<CommandContext, 'show' | 'copy' | 'host'>;
type Action = (
  servers: Servers,
  name: string,
  around: Around,
) => readonly BlockBody[] | Promise<readonly BlockBody[]>;

const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['approve', approved],
  ['login', logIn],
  ['logout', logOut],
]);

function valuesFor({ name, transport }: ServerStatus) {
  const verbs = transport === 'http' ? ['approve', 'login', 'logout'] : ['approve'];
  return verbs.map((verb) => ({ value: `${verb} ${name}` }));
}

/** The chat goes on meanwhile: what comes of it is shown when it has come. */
function logIn(servers: Servers, name: string, { show, copy, host }: Around): readonly BlockBody[] {
  const ask = async (address: string) => {
    show(output(`Log in at ${name} here; the chat goes on meanwhile`, [address]));
    if (await host?.openInBrowser(address)) return;
    show(info(`In a browser of another machine it takes another terminal here: victor mcp login ${name}.`));
    const ways = await copy(address);
    if (ways.length > 0) show(info(`The address is in the clipboard (${ways.join(', ')}).`));
  };
  servers
    .logIn(name, (address) => void ask(address).catch(() => {}), new AbortController().signal)
    .then(
      (isLoggedIn) => show(info(isLoggedIn ? `You are logged in at ${name}.` : `${name} wants no login.`)),
      (error: unknown) => show([{ kind: 'error', error: errorData(error) }]),
    );
  return info(`Asking ${name} how to log in …`);
}

async function logOut(servers: Servers, name: string): Promise<readonly BlockBody[]> {
  const was = await servers.logOut(name);
  return info(was ? `The login at ${name} is forgotten.` : `You are not logged in at ${name}.`);
}

function approved(servers: Servers, name: string) {
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

function serverLines({
  name,
  transport,
  state,
  tools,
  prompts,
  resources,
  problem,
  advice,
}: ServerStatus): string[] {
  return [
    `${name}  ${transport}, ${states[state]}`,
    ...(problem === undefined ? [] : [`  ${oneLine(problem)} ${oneLine(advice ?? '')}`.trimEnd()]),
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
