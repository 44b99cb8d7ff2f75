import { Command } from 'commander';
import type { CommandLine } from '../command-line.js';

export function exportCommand(cli: CommandLine): Command {
  return new Command('export')
    .description('send analytics that still wait to the exporters that are set up here')
    .option('--exporter <name>', 'to this one only')
    .option('--session <id>', 'all events of this session again, sent or not; its id or the start of it')
    .option('--json', 'as JSON')
    .option('-C, --cwd <directory>', 'as if started there')
    .option('--trust', "load this folder's configuration and extensions, this once")
    .action(async (options) => {
      const { exportEvents } = await import('../turn-commands.js');
      cli.exitCode = await exportEvents(options, cli);
    });
}
