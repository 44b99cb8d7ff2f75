import { setUserSetting } from '../../config/edit.js';
import { isServerName, type McpServerSetting } from '../../config/mcp-settings.js';
import { victorPaths } from '../../config/paths.js';
import { isSecretVariable } from '../../core/command-variable.js';
import { ConfigError } from '../../core/errors.js';
import { type CommandLine, notice } from '../command-line.js';
import { configuredServers } from './configured-servers.js';
import { projectFile, readServers, writeServers } from './project-servers.js';

export interface AddFlags {
  readonly transport: 'stdio' | 'http';
  readonly scope: 'user' | 'project';
  readonly env?: Readonly<Record<string, string>>;
  readonly header?: Readonly<Record<string, string>>;
}

/** Names a server in the user's settings, or in the project's `.mcp.json`. Nothing is started. */
export async function addServer(
  name: string,
  command: readonly string[],
  flags: AddFlags,
  cli: CommandLine,
): Promise<void> {
  if (!isServerName(name)) {
    throw new ConfigError(`${JSON.stringify(name)} cannot be the name of a server`, {
      advice: 'Take at most 32 letters and digits, with single - or _ between them.',
    });
  }
  const server = serverOf(command, flags);
  const place = flags.scope === 'user' ? await addForUser(name, server, cli) : addForProject(name, server);
  notice(cli, `${name} is named in ${place}. victor mcp test ${name} starts it and lists its tools.`);
  if (flags.scope === 'project') {
    tellOfSecrets(flags, cli);
    notice(cli, 'a server of a project is started once you have confirmed it: victor trust.');
  }
}

async function addForUser(name: string, server: McpServerSetting, cli: CommandLine): Promise<string> {
  const { config } = await configuredServers({}, cli);
  const own = config.layers.find((layer) => layer.name === 'user')?.settings.mcpServers ?? {};
  if (Object.hasOwn(own, name)) throw alreadyThere(name, 'user');
  const paths = victorPaths(cli.environment);
  const value = JSON.stringify(server);
  return (await setUserSetting({ key: `mcpServers.${name}`, value, paths })).file;
}

function addForProject(name: string, server: McpServerSetting): string {
  const file = projectFile();
  const content = readServers(file);
  if (Object.hasOwn(content.mcpServers, name)) throw alreadyThere(name, 'project');
  writeServers(file, { ...content, mcpServers: { ...content.mcpServers, [name]: server } });
  return file;
}

function alreadyThere(name: string, scope: AddFlags['scope']): ConfigError {
  return new ConfigError(`there is a server ${name} already`, {
    advice: `Choose another name, or remove it first: victor mcp remove ${name}${scope === 'user' ? '' : ' --scope project'}.`,
  });
}

function serverOf(command: readonly string[], { transport, env, header }: AddFlags): McpServerSetting {
  const [first = '', ...args] = command;
  if (transport === 'http') {
    if (args.length > 0 || env) {
      throw new ConfigError('a server that is reached over HTTP takes one address, and no variables', {
        advice:
          'Write victor mcp add NAME --transport http ADDRESS, with --header for what it needs to know.',
      });
    }
    return { type: 'http', url: first, ...(header ? { headers: { ...header } } : {}) };
  }
  if (/^https?:\/\//.test(first)) {
    throw new ConfigError(`${first} is an address, not a program`, {
      advice: 'Add --transport http for it.',
    });
  }
  if (header) {
    throw new ConfigError('--header is for --transport http', {
      advice: 'Give a program variables, with --env.',
    });
  }
  return { command: first, ...(args.length > 0 ? { args } : {}), ...(env ? { env: { ...env } } : {}) };
}

/** A project's file is for everybody who gets the project. */
function tellOfSecrets({ env = {}, header = {} }: AddFlags, cli: CommandLine): void {
  const given = [...Object.entries(env), ...Object.entries(header)];
  const names = given
    .filter(
      ([name, value]) =>
        !value.includes(`\${`) && (isSecretVariable(name, value) || /^authorization$/i.test(name)),
    )
    .map(([name]) => name);
  if (names.length === 0) return;
  notice(
    cli,
    `what you gave for ${names.join(', ')} may be a secret, and whoever gets the project gets it too. Write \${NAME} for the value of an environment variable instead.`,
  );
}
