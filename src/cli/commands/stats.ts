import { Command, Option } from 'commander';
import type { CommandLine } from '../command-line.js';
import { positiveInteger } from '../flags.js';

export function statsCommand(cli: CommandLine): Command {
  return new Command('stats')
    .description('sessions, turns, tokens and money by day and model')
    .addOption(new Option('--days <count>', 'how far back').default(30).argParser(positiveInteger))
    .option('--json', 'as JSON')
    .action(async (options) => {
      const { showStats } = await import('../history-commands.js');
      await showStats(options, cli);
    });
}
