import { Command } from 'commander';
import type { CommandLine } from '../command-line.js';

export function doctorCommand(cli: CommandLine): Command {
  return new Command('doctor')
    .description('check this installation, and say how to mend what is wrong')
    .option('--json', 'as JSON')
    .option('-C, --cwd <directory>', 'as if started there')
    .option('--trust', "as if this folder's configuration were trusted")
    .action(async (options) => {
      const { doctor } = await import('../turn-commands.js');
      cli.exitCode = await doctor(options, cli);
    });
}
