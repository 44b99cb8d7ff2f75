import { Command } from 'commander';
import type { CommandLine } from '../command-line.js';
import { addOptions, outputOptions, turnOptions } from '../flags.js';

export function runCommand(cli: CommandLine): Command {
  const command = new Command('run')
    .description('run a workflow of the configuration, step by step')
    .addHelpText(
      'after',
      '\nThe JSON result is that of the last step; its steps list every step with prompt, result, stop_reason, usage,\ntotal_cost_usd, num_turns and duration_ms.',
    )
    .argument('<name>', 'its name under workflows in .victorrc')
    .argument('[input...]', 'what {{input}} in its prompts stands for')
    .action(async (name: string, words: string[], flags) => {
      const { runWorkflow } = await import('../turn-commands.js');
      cli.exitCode = await runWorkflow(name, words.join(' '), flags, cli);
    });
  return addOptions(command, [...turnOptions(), ...outputOptions()]);
}
