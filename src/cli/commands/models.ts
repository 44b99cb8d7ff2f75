import { Command } from 'commander';
import type { CommandLine } from '../command-line.js';

export function modelsCommand(cli: CommandLine): Command {
  return new Command('models')
    .description('the models that a provider serves')
    .argument('[provider]', 'the configured one when left out')
    .option('--json', 'as JSON')
    .option('--trust', "load this folder's configuration and extensions, this once")
    .action(async (provider: string | undefined, options) => {
      const { listModels } = await import('../turn-commands.js');
      await listModels(provider, options, cli);
    });
}
