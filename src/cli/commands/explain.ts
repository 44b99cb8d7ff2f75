import { Command, Option } from 'commander';
import type { CommandLine } from '../command-line.js';
import { positiveInteger } from '../flags.js';

export function explainCommand(cli: CommandLine): Command {
  return new Command('explain')
    .description('what was decided in a session, turn by turn: from what, why and at what cost')
    .argument('<session>', 'its id or the start of it')
    .addOption(new Option('--turn <number>', 'only this turn; 1 is the first').argParser(positiveInteger))
    .option('--json', 'as JSON')
    .option('--read-only', 'write nothing; reads what a newer version stored, too')
    .action(async (session: string, options) => {
      const { explainSession } = await import('../history-commands.js');
      await explainSession(session, options, cli);
    });
}
