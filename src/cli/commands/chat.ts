import { Command, Option } from 'commander';
import type { CommandLine } from '../command-line.js';
import { addOptions, turnOptions } from '../flags.js';

export function chatCommand(cli: CommandLine): Command {
  const command = new Command('chat')
    .description('talk in the terminal; this is what bare victor does')
    .argument('[prompt...]', 'the first message')
    .action(async (words: string[], flags) => {
      const { chat } = await import('../turn-commands.js');
      cli.exitCode = await chat(words.length > 0 ? words.join(' ') : undefined, flags, cli);
    });
  const spoken = new Option('--screen-reader', 'statuses in words; what is printed is never drawn again');
  return addOptions(command, [...turnOptions(), spoken]);
}
