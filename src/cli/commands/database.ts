import { Command } from 'commander';
import type { CommandLine } from '../command-line.js';

/** The one file that sessions, analytics and checkpoints live in. */
export function databaseCommand(cli: CommandLine): Command {
  const database = new Command('db').description('the file that everything is stored in');
  const asJson = ['--json', 'as JSON'] as const;

  database
    .command('check')
    .description('read all of it and write once; exit 1 when something is damaged')
    .option(...asJson)
    .action(async (options) => {
      const { checkDatabaseFile } = await import('../history-commands.js');
      cli.exitCode = await checkDatabaseFile(options, cli);
    });
  database
    .command('backup')
    .description('copy it as it is now, also while victor runs')
    .argument('[file]', 'a new file; beside the database when left out')
    .option(...asJson)
    .action(async (file: string | undefined, options) => {
      const { backUpDatabase } = await import('../history-commands.js');
      await backUpDatabase(file, options, cli);
    });
  database
    .command('path')
    .description('print where it is')
    .option(...asJson)
    .action(async (options) => {
      const { showDatabasePath } = await import('../history-commands.js');
      showDatabasePath(options, cli);
    });
  database
    .command('vacuum')
    .description('write it anew without the room that deleted sessions left')
    .option(...asJson)
    .action(async (options) => {
      const { vacuumDatabase } = await import('../history-commands.js');
      await vacuumDatabase(options, cli);
    });
  return database;
}
