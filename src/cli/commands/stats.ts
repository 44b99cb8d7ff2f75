import { Command, Option } from 'commander';
import type { CommandLine } from '../command-line.js';
import { positiveInteger } from '../flags.js';

export const groupings = ['model', 'tool', 'project', 'session', 'day'] as const;
export type Grouping = (typeof groupings)[number];

export function statsCommand(cli: CommandLine): Command {
  return new Command('stats')
    .description('sessions, turns, tokens, money and tools of the last days')
    .addOption(new Option('--days <count>', 'how far back').default(30).argParser(positiveInteger))
    .addOption(new Option('--by <what>', 'a table by this').choices(groupings).default('model'))
    .option('--json', 'as JSON')
    .addOption(
      new Option('--html <file>', 'a page with charts, in this file').conflicts(['by', 'json', 'sql']),
    )
    .addOption(
      new Option('--sql <query>', 'ask the database; read-only, docs/analytics.md lists its views').conflicts(
        ['days', 'by'],
      ),
    )
    .action(async (options) => {
      const { showStats } = await import('../history-commands.js');
      await showStats(options, cli);
    });
}
