import { Command, InvalidArgumentError, Option } from 'commander';
import type { CommandLine } from '../command-line.js';

const trustFlag = "start what this folder's configuration names, this once";

export function mcpCommand(cli: CommandLine): Command {
  const add = new Command('add')
    .description('name a server in your settings, or with --scope project in .mcp.json')
    .argument('<name>', 'what its tools are called by: mcp__NAME__tool')
    .argument('<command...>', 'the program and its arguments, behind --; or an address')
    .addOption(
      new Option('--transport <kind>', 'a program, or an address')
        .choices(['stdio', 'http'])
        .default('stdio'),
    )
    .addOption(new Option('--scope <scope>', 'whose it is').choices(['user', 'project']).default('user'))
    .option('-e, --env <NAME=value>', 'an environment variable for the program (repeatable)', variable)
    .option('--header <name: value>', `a header of each request (repeatable); \${NAME} for a secret`, header)
    .action(async (name: string, command: readonly string[], flags) => {
      const { addServer } = await import('../turn-commands.js');
      await addServer(name, command, flags, cli);
    });
  const list = new Command('list')
    .description('the servers that are named here, where, and whether they are started; starts none')
    .option('--json', 'as JSON')
    .option('--trust', trustFlag)
    .action(async (flags) => {
      const { listServers } = await import('../turn-commands.js');
      await listServers(flags, cli);
    });
  const remove = new Command('remove')
    .description('take a server out of your settings, or of .mcp.json')
    .argument('<name>', 'as victor mcp list shows it')
    .addOption(new Option('--scope <scope>', 'whose it is').choices(['user', 'project']).default('user'))
    .action(async (name: string, flags) => {
      const { removeServer } = await import('../turn-commands.js');
      await removeServer(name, flags, cli);
    });
  const test = new Command('test')
    .description('start a server, list what it has, call nothing, and end it; exits with 0 when it answers')
    .argument('<name>', 'as victor mcp list shows it; or any, with a command')
    .argument('[command...]', 'a program that is not in the settings, and its arguments, behind --')
    .option('--json', 'as JSON')
    .option('--trust', trustFlag)
    .action(async (name: string, command: readonly string[], flags) => {
      const { testServer } = await import('../turn-commands.js');
      await testServer(name, command, flags, cli);
    });
  const approve = new Command('approve')
    .description('take the tools of a server as they are now, where they have changed')
    .argument('<name>', 'as victor mcp list shows it')
    .option('--trust', trustFlag)
    .action(async (name: string, flags) => {
      const { approveServer } = await import('../turn-commands.js');
      await approveServer(name, flags, cli);
    });
  const login = new Command('login')
    .description('log in at a server that is reached over HTTP, in your browser')
    .argument('<name>', 'as victor mcp list shows it')
    .option('--no-browser', 'only print the address to log in at')
    .option('--trust', trustFlag)
    .action(async (name: string, flags) => {
      const { logIn } = await import('../turn-commands.js');
      await logIn(name, flags, cli);
    });
  const logout = new Command('logout')
    .description('forget the login at a server')
    .argument('<name>', 'as victor mcp list shows it')
    .option('--trust', trustFlag)
    .action(async (name: string, flags) => {
      const { logOut } = await import('../turn-commands.js');
      await logOut(name, flags, cli);
    });
  return new Command('mcp')
    .description('MCP servers, which bring tools of other programs')
    .addCommand(add)
    .addCommand(list)
    .addCommand(remove)
    .addCommand(test)
    .addCommand(approve)
    .addCommand(login)
    .addCommand(logout);
}

function variable(text: string, before: Readonly<Record<string, string>> = {}) {
  const [, name, value] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('It is written NAME=value.');
  return { ...before, [name]: value ?? '' };
}

function header(text: string, before: Readonly<Record<string, string>> = {}) {
  const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):\s*(.+)$/.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('It is written name: value.');
  return { ...before, [name]: value ?? '' };
}
