import { Command } from 'commander';
import type { CommandLine } from '../command-line.js';

export function toolsCommand(cli: CommandLine): Command {
  const tools = new Command('tools')
    .description('the tools a model is offered here')
    .option('--json', 'as JSON, with their schemas')
    .option('--trust', "load this folder's configuration and extensions, this once")
    .action(async (options) => {
      const { listTools } = await import('../turn-commands.js');
      await listTools(options, cli);
    });
  tools
    .command('rank')
    .description('how well each tool suits a request, which would be offered, and why')
    .argument('<request>', 'what a user would ask for')
    .option('--strategy <name>', 'keyword, semantic, hybrid, or your own, in place of the configured one')
    .option('--json', 'as JSON')
    .option('--trust', "load this folder's configuration and extensions, this once")
    .action(async (request: string, _, command: Command) => {
      const { rankTools } = await import('../turn-commands.js');
      // The flags of `tools` alone take --json and --trust, wherever they stand.
      await rankTools(request, command.optsWithGlobals(), cli);
    });
  return tools;
}
