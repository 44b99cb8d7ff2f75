import { Command } from 'commander';
import type { CommandLine } from '../command-line.js';

export function modelsCommand(cli: CommandLine): Command {
  return new Command('models')
    .description('the models that the current provider serves')
    .option('-m, --model <provider>', 'ask this provider instead')
    .option('--json', 'as JSON')
    .option('--trust', "load this folder's configuration and extensions, this once")
    .action(async (options) => {
      const { listModels } = await import('../turn-commands.js');
      await listModels(options, cli);
    });
}
