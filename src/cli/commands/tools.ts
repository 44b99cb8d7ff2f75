import { Command } from 'commander';
import type { CommandLine } from '../command-line.js';

export function toolsCommand(cli: CommandLine): Command {
  return new Command('tools')
    .description('the tools a model is offered here')
    .option('--for <request>', 'rank them for a request, and say which would be offered and why')
    .option('--json', 'as JSON, with their schemas')
    .option('--trust', "load this folder's configuration and extensions, this once")
    .action(async (options) => {
      const { explainTools, listTools } = await import('../turn-commands.js');
      await (options.for === undefined ? listTools : explainTools)(options, cli);
    });
}
