import { Command } from 'commander';
import type { CommandLine } from '../command-line.js';
import { addOptions, turnOptions } from '../flags.js';

/** The flags of a turn that change what it may do. */
const deciding = new Set(['permissionMode', 'allowedTools', 'disallowedTools', 'addDir', 'cwd', 'trust']);

export function permissionsCommand(cli: CommandLine): Command {
  const explain = new Command('explain')
    .description('what would happen to a shell command of the model here, and why')
    .argument('<command>', 'the command line; - reads one JSON string a line from standard input')
    .option('--json', 'as JSON; with - one object a line')
    .action(async (command: string, flags) => {
      const { explainCommand } = await import('../turn-commands.js');
      await explainCommand(command, flags, cli);
    });
  addOptions(
    explain,
    turnOptions().filter((option) => deciding.has(option.attributeName())),
  );
  return new Command('permissions').description('what may run, and what decides it').addCommand(explain);
}
