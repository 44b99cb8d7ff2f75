import { Command } from 'commander';
import type { CommandLine } from '../command-line.js';
import { addOptions, turnOptions } from '../flags.js';

/** The flags of a turn that change what it may do. */
const deciding = ['permissionMode', 'allowedTools', 'disallowedTools', 'addDir', 'cwd', 'trust'];

export function permissionsCommand(cli: CommandLine): Command {
  const explain = new Command('explain')
    .description('what would happen to a shell command of the model here, and why')
    .argument('<command>', 'the command line; - reads one JSON string a line from standard input')
    .option('--json', 'as JSON; with - one object a line')
    .action(async (command: string, flags) => {
      const { explainCommand } = await import('../turn-commands.js');
      await explainCommand(command, flags, cli);
    });
  const test = new Command('test')
    .description('try the cases of permissions.tests; a mismatch exits with 1')
    .option('--json', 'as JSON')
    .action(async (flags) => {
      const { checkCases } = await import('../turn-commands.js');
      await checkCases(flags, cli);
    });
  const list = new Command('list')
    .description('what you allowed for the project, and the rules that hold here')
    .option('--json', 'as JSON')
    .action(async (flags) => {
      const { listPermissions } = await import('../turn-commands.js');
      await listPermissions(flags, cli);
    });
  const forget = new Command('forget')
    .description('take back what you allowed for the project')
    .argument('[numbers...]', 'as victor permissions list shows them')
    .option('--all', 'everything in this folder')
    .action(async (numbers: readonly string[], flags) => {
      const { forgetPermissions } = await import('../turn-commands.js');
      await forgetPermissions(numbers, flags, cli);
    });
  return new Command('permissions')
    .description('what may run, and what decides it')
    .addCommand(withFlags(explain, deciding))
    .addCommand(withFlags(list, ['cwd', 'trust']))
    .addCommand(withFlags(forget, ['cwd']))
    .addCommand(withFlags(test, deciding));
}

function withFlags(command: Command, names: readonly string[]): Command {
  return addOptions(
    command,
    turnOptions().filter((option) => names.includes(option.attributeName())),
  );
}
