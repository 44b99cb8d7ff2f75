import { Command } from 'commander';
import type { CommandLine } from '../command-line.js';
import { addOptions, turnOptions } from '../flags.js';

/** The editor says which sessions and folders it wants; trust of a folder is not for a whole process that opens many. */
const ofOthers = new Set([
  'continue',
  'resume',
  'sessionId',
  'session',
  'cwd',
  'quiet',
  'debug',
  'record',
  'replay',
  'trust',
]);

export function acpCommand(cli: CommandLine): Command {
  const command = new Command('acp')
    .description(
      'be the agent of an editor that speaks the Agent Client Protocol, over standard input and output',
    )
    .action(async (flags) => {
      const { runAgent } = await import('../turn-commands.js');
      cli.exitCode = await runAgent(flags, cli);
    });
  return addOptions(
    command,
    turnOptions().filter((option) => !ofOthers.has(option.attributeName())),
  );
}
