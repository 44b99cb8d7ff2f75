import { Command, CommanderError, type Option } from 'commander';
import type { CommandLine } from './command-line.js';
import { acpCommand } from './commands/acp.js';
import { askCommand } from './commands/ask.js';
import { chatCommand } from './commands/chat.js';
import { completeCommand, completionCommand } from './commands/completion.js';
import { configCommand } from './commands/config.js';
import { databaseCommand } from './commands/database.js';
import { demoCommand } from './commands/demo.js';
import { doctorCommand } from './commands/doctor.js';
import { evalCommand } from './commands/eval.js';
import { explainCommand } from './commands/explain.js';
import { exportCommand } from './commands/export.js';
import { mcpCommand } from './commands/mcp.js';
import { modelsCommand } from './commands/models.js';
import { permissionsCommand } from './commands/permissions.js';
import { runCommand } from './commands/run.js';
import { sessionsCommand } from './commands/sessions.js';
import { statsCommand } from './commands/stats.js';
import { toolsCommand } from './commands/tools.js';
import { trustCommand } from './commands/trust.js';
import { askOptions, outputOptions, turnOptions } from './flags.js';
import { standardInputIsTerminal } from './read-standard-input.js';
import { routeArguments } from './route-arguments.js';
import { checkHelpOf, usageError } from './usage-error.js';

const about = `A terminal coding agent. Bare victor starts a chat, and victor "…" starts it with that prompt (in pipes and scripts it answers once, as ask does); victor ask "…" answers once.`;
const more = `
Exit codes: 0 ok, 1 failure, 2 wrong usage or configuration, 4 a tool call was refused (the answer is
printed all the same), 5 a limit was reached, 6 the answer is not what --json-schema asks for,
7 a workflow waits for a yes, 129, 130, 131 and 143 stopped by SIGHUP, SIGINT, SIGQUIT, SIGTERM.`;

/** Every command, each of which loads what it needs only when it runs. */
export function program(cli: CommandLine): { run(argv: readonly string[]): Promise<void> } {
  const root = new Command('victor')
    .description(about)
    .version(process.env.VICTOR_VERSION ?? 'unbuilt', '-V, --version', 'print the version')
    .addHelpText('after', more);
  const commands = [
    chatCommand,
    askCommand,
    sessionsCommand,
    explainCommand,
    statsCommand,
    databaseCommand,
    exportCommand,
    configCommand,
    modelsCommand,
    toolsCommand,
    mcpCommand,
    acpCommand,
    trustCommand,
    permissionsCommand,
    runCommand,
    evalCommand,
    doctorCommand,
    demoCommand,
    completionCommand,
  ];
  for (const command of commands) root.addCommand(command(cli));
  const flags: readonly Option[] = [...turnOptions(), ...outputOptions(), ...askOptions()];
  root.addCommand(completeCommand(cli, root, flags), { hidden: true });
  everyCommand(root, (command) => quiet(command, cli));
  const names = new Set([...root.commands.map((command) => command.name()), 'help']);

  return {
    async run(argv) {
      const onTerminal = standardInputIsTerminal() && cli.stdout.isTerminal;
      const routed = routeArguments(argv, names, flags, onTerminal);
      checkHelpOf(root, routed);
      try {
        await root.parseAsync(routed, { from: 'user' });
      } catch (error) {
        if (!(error instanceof CommanderError) || isHelp(error)) throw error;
        throw usageError(error, root, routed);
      }
    },
  };
}

/** Commander ends with an error also when it has printed the help or the version, asked for or not. */
export function isHelp(error: unknown): error is CommanderError {
  return error instanceof CommanderError && (error.exitCode === 0 || error.code === 'commander.help');
}

function everyCommand(command: Command, act: (command: Command) => void): void {
  act(command);
  for (const one of command.commands) everyCommand(one, act);
}

/** Commander tells us instead of printing and exiting, so that every error of ours looks the same. */
function quiet(command: Command, { stdout, stderr }: CommandLine): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => stdout.write(text),
    // Only the help of a command that lacks its subcommand comes here.
    writeErr: (text) => stderr.write(text),
    outputError: () => {},
  });
}
