import { Command } from 'commander';
import type { CommandLine } from '../command-line.js';
import { addOptions, askOptions, outputOptions, turnOptions } from '../flags.js';

export function askCommand(cli: CommandLine): Command {
  const command = new Command('ask')
    .description('answer once: the answer on stdout, everything else on stderr (also: victor -p "…")')
    .argument('[prompt...]', 'what to do; - or nothing reads it from standard input')
    .action(async (words: string[], flags) => {
      const { ask } = await import('../turn-commands.js');
      cli.exitCode = await ask(words, flags, cli);
    });
  return addOptions(command, [...turnOptions(), ...outputOptions(), ...askOptions()]);
}
