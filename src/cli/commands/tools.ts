import { Command } from 'commander';
import type { CommandLine } from '../command-line.js';

export function toolsCommand(cli: CommandLine): Command {
  return new Command('tools')
    .description('the tools a model is offered here')
    .option('--json', 'as JSON, with their schemas')
    .option('--trust', "load this folder's configuration and extensions, this once")
    .action(async (options) => {
      const { listTools } = await import('../turn-commands.js');
      await listTools(options, cli);
    });
}
