import { Command } from 'commander';
import type { CommandLine } from '../command-line.js';

export function evalCommand(cli: CommandLine): Command {
  const evaluation = new Command('eval').description('replay stored sessions against strategies');
  evaluation
    .command('compaction')
    .description('what each compaction strategy would keep of a session, in messages and tokens')
    .argument('<session>', 'the id or the start of it')
    .option('--json', 'as JSON')
    .action(async (session: string, options) => {
      const { evaluateCompaction } = await import('../turn-commands.js');
      await evaluateCompaction(session, options, cli);
    });
  return evaluation;
}
