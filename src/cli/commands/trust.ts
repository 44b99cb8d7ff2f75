import { Command } from 'commander';
import type { CommandLine } from '../command-line.js';

export function trustCommand(cli: CommandLine): Command {
  return new Command('trust')
    .description('let a folder bring its own configuration and extensions, as they are now')
    .argument('[directory]', 'the folder; this one when left out')
    .option('--list', 'the folders that are trusted')
    .option('--revoke', 'trust it no longer')
    .option('--force', 'also when it holds your home folder')
    .action(async (directory: string | undefined, options) => {
      const { trust } = await import('../turn-commands.js');
      await trust(directory, options, cli);
    });
}
