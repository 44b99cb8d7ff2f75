import { Command, CommanderError, type Option } from 'commander';
import { ConfigError } from '../core/errors.js';
import type { CommandLine } from './command-line.js';
import { askCommand } from './commands/ask.js';
import { chatCommand } from './commands/chat.js';
import { configCommand } from './commands/config.js';
import { doctorCommand } from './commands/doctor.js';
import { evalCommand } from './commands/eval.js';
import { modelsCommand } from './commands/models.js';
import { permissionsCommand } from './commands/permissions.js';
import { runCommand } from './commands/run.js';
import { sessionsCommand } from './commands/sessions.js';
import { statsCommand } from './commands/stats.js';
import { toolsCommand } from './commands/tools.js';
import { trustCommand } from './commands/trust.js';
import { outputOptions, turnOptions } from './flags.js';
import { standardInputIsTerminal } from './read-standard-input.js';
import { routeArguments } from './route-arguments.js';

const about = `A terminal coding agent. Bare victor starts a chat, and victor "…" starts it with that prompt (in pipes and scripts it answers once, as ask does); victor ask "…" answers once.`;
const more = `
Exit codes: 0 ok, 1 failure, 2 wrong usage or configuration, 4 a tool call was refused (the answer is
printed all the same), 5 a limit was reached, 129, 130 and 143 stopped by SIGHUP, SIGINT, SIGTERM.`;

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
    statsCommand,
    configCommand,
    modelsCommand,
    toolsCommand,
    trustCommand,
    permissionsCommand,
    runCommand,
    evalCommand,
    doctorCommand,
  ];
  for (const command of commands) root.addCommand(command(cli));
  everyCommand(root, (command) => quiet(command, cli));
  const names = new Set([...root.commands.map((command) => command.name()), 'help']);
  const flags: readonly Option[] = [...turnOptions(), ...outputOptions()];

  return {
    async run(argv) {
      try {
        const onTerminal = standardInputIsTerminal() && cli.stdout.isTerminal;
        await root.parseAsync(routeArguments(argv, names, flags, onTerminal), { from: 'user' });
      } catch (error) {
        throw error instanceof CommanderError && !isHelp(error) ? usageError(error) : error;
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

/** What was meant as a prompt, and how it is told from what it was taken for. */
const aboutPrompts: Readonly<Record<string, string>> = {
  'commander.unknownOption': ' A prompt that begins so goes after --.',
  'commander.unknownCommand': ' A prompt of one word goes after ask.',
};

function usageError(error: CommanderError): ConfigError {
  const message = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
  const aboutPrompt = aboutPrompts[error.code] ?? '';
  return new ConfigError(message, {
    advice: `victor --help lists what there is.${aboutPrompt}`,
    cause: error,
  });
}
