import { Command, Option } from 'commander';
import type { CommandLine } from '../command-line.js';
import { positiveInteger } from '../flags.js';

/** What is stored: list, read, rename, delete, reset, export; and go on with one. */
export function sessionsCommand(cli: CommandLine): Command {
  const sessions = new Command('sessions').description('list, read and change stored sessions');
  const id = ['<id>', 'the id or the start of it'] as const;
  const asJson = ['--json', 'as JSON'] as const;

  sessions
    .command('list')
    .description('newest first')
    .option(...asJson)
    .addOption(new Option('--limit <count>', 'at most so many').argParser(positiveInteger))
    .action(async (options) => {
      const { listSessions } = await import('../history-commands.js');
      await listSessions(options, cli);
    });
  sessions
    .command('show')
    .description('print the conversation')
    .argument(...id)
    .option(...asJson)
    .action(async (given: string, options) => {
      const { exportSession } = await import('../history-commands.js');
      await exportSession(given, options, cli);
    });
  sessions
    .command('export')
    .description('the conversation as a document')
    .argument(...id)
    .option(...asJson)
    .addOption(new Option('--format <format>', 'of the document').choices(['markdown', 'json']))
    .option('-o, --output <file>', 'a new file; stdout when left out')
    .action(async (given: string, options) => {
      const { exportSession } = await import('../history-commands.js');
      await exportSession(given, options, cli);
    });
  sessions
    .command('resume')
    .description('open a chat on it')
    .argument(...id)
    .action(async (given: string) => {
      const { chat } = await import('../turn-commands.js');
      cli.exitCode = await chat(undefined, { resume: given, session: true }, cli);
    });
  sessions
    .command('rename')
    .description('give it a title')
    .argument(...id)
    .argument('<title...>', 'the new title')
    .action(async (given: string, title: string[]) => {
      const { renameSession } = await import('../history-commands.js');
      await renameSession(given, title.join(' '), cli);
    });
  sessions
    .command('delete')
    .description('remove it with its log, checkpoints and analytics')
    .argument(...id)
    .action(async (given: string) => {
      const { deleteSession } = await import('../history-commands.js');
      await deleteSession(given, cli);
    });
  sessions
    .command('reset')
    .description('empty its context; the log stays')
    .argument(...id)
    .action(async (given: string) => {
      const { resetSession } = await import('../history-commands.js');
      await resetSession(given, cli);
    });
  return sessions;
}
