import { Command, Option } from 'commander';
import type { CommandLine } from '../command-line.js';
import { duration, positiveInteger } from '../flags.js';

/** What is stored: find, read, change, copy, compare, bring in and delete it; and go on with one. */
export function sessionsCommand(cli: CommandLine): Command {
  const sessions = new Command('sessions').description('find, read and change stored sessions');
  const id = ['<id>', 'the id or the start of it'] as const;
  const asJson = ['--json', 'as JSON'] as const;
  const readOnly = ['--read-only', 'write nothing; reads what a newer version stored, too'] as const;

  sessions
    .command('list')
    .description('newest first')
    .option(...asJson)
    .option(...readOnly)
    .addOption(new Option('--limit <count>', 'at most so many').argParser(positiveInteger))
    .option('--tag <tag>', 'only those with this tag')
    .option('--subagents <id>', 'what the subagents of this session said, in place of sessions')
    .action(async (options) => {
      const { listSessions } = await import('../history-commands.js');
      await listSessions(options, cli);
    });
  sessions
    .command('search')
    .description('messages with all of these words, the best match first')
    .argument('<text...>', 'words; "several words" in a row; the beginn* of a word')
    .option(...asJson)
    .addOption(new Option('--limit <count>', 'at most so many; 50').argParser(positiveInteger))
    .option('--session <id>', 'only in this session')
    .action(async (words: string[], options) => {
      const { searchSessions } = await import('../history-commands.js');
      await searchSessions(words.join(' '), options, cli);
    });
  sessions
    .command('show')
    .description('print the conversation')
    .argument(...id)
    .option(...asJson)
    .option(...readOnly)
    .action(async (given: string, options) => {
      const { exportSession } = await import('../history-commands.js');
      await exportSession(given, options, cli);
    });
  sessions
    .command('export')
    .description('the conversation as a document')
    .argument(...id)
    .option(...asJson)
    .option(...readOnly)
    .addOption(new Option('--format <format>', 'of the document').choices(['md', 'json', 'html']))
    .option('-o, --output <file>', 'a new file; stdout when left out')
    .action(async (given: string, options) => {
      const { exportSession } = await import('../history-commands.js');
      await exportSession(given, options, cli);
    });
  sessions
    .command('diff')
    .description('what it changed in files, against how each was first')
    .argument(...id)
    .option(...asJson)
    .action(async (given: string, options) => {
      const { diffSession } = await import('../history-commands.js');
      await diffSession(given, options, cli);
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
    .command('tag')
    .description('file it under words; sessions list --tag finds it')
    .argument(...id)
    .argument('[tags...]', 'words; none shows those it has')
    .option('--remove', 'take them away')
    .action(async (given: string, tags: string[], options) => {
      const { tagSession } = await import('../history-commands.js');
      await tagSession(given, tags, options, cli);
    });
  sessions
    .command('fork')
    .description('copy it, and print the id of the copy')
    .argument(...id)
    .action(async (given: string) => {
      const { forkSession } = await import('../history-commands.js');
      await forkSession(given, cli);
    });
  sessions
    .command('import')
    .description('bring in what export --format json wrote, and print its id')
    .argument('<file>', 'the exported session')
    .action(async (file: string) => {
      const { importSession } = await import('../history-commands.js');
      await importSession(file, cli);
    });
  sessions
    .command('prune')
    .description('show the sessions in which nothing happened for so long; --yes deletes them')
    .addOption(
      new Option('--older-than <duration>', 'such as 30d, 12h or 8w')
        .argParser(duration)
        .makeOptionMandatory(),
    )
    .option('--yes', 'delete them, with their checkpoints; what they cost stays in the statistics')
    .action(async (options) => {
      const { pruneSessions } = await import('../history-commands.js');
      await pruneSessions(options, cli);
    });
  sessions
    .command('delete')
    .description('remove it with its log and checkpoints; what it cost stays in the statistics')
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
