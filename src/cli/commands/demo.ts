import { Command } from 'commander';
import type { CommandLine } from '../command-line.js';

export function demoCommand(cli: CommandLine): Command {
  return new Command('demo')
    .description('watch a scripted repair of a sample repository, without a key; its tools really run')
    .option('--keep', 'keep the copy that it works on')
    .action(async (options) => {
      const { demo } = await import('../turn-commands.js');
      cli.exitCode = await demo(options, cli);
    });
}
