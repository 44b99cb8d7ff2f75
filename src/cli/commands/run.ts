import { Command, Option } from 'commander';
import type { CommandLine } from '../command-line.js';
import { addOptions, outputOptions, turnOptions } from '../flags.js';

export function runCommand(cli: CommandLine): Command {
  const command = new Command('run')
    .description('run a workflow of the configuration, step by step')
    .addHelpText(
      'after',
      '\nThe JSON result is that of the last prompt; its steps list every step with name, kind, status, prompt, command or\nquestion, result, exit_code, stop_reason, usage, total_cost_usd, num_turns and duration_ms.\n\nExit codes: 0 done, 1 a step failed, 2 wrong usage, 4 something was refused, 5 a limit, 7 a step waits for a yes.',
    )
    .argument('[name]', 'its name under workflows in .victorrc')
    .argument('[input...]', 'what {{input}} in its steps stands for')
    .option('-l, --list', 'list the workflows instead')
    .option(
      '--approve <steps>',
      'say yes to these steps beforehand: names or numbers, separated by commas',
      names,
    )
    .option('--accept-changes', 'with --resume: go on although the steps have changed since')
    .action(async (name: string | undefined, words: string[], flags) => {
      const { listWorkflows, runWorkflow } = await import('../turn-commands.js');
      cli.exitCode = flags.list
        ? await listWorkflows(flags, cli)
        : await runWorkflow(name, words.join(' '), flags, cli);
    });
  const others = turnOptions().filter((option) => option.attributeName() !== 'resume');
  const resume = new Option(
    '-r, --resume [session]',
    'go on with a run that broke off; the latest of this directory when no session is named',
  );
  return addOptions(command, [resume, ...others, ...outputOptions()]);
}

function names(text: string, before: readonly string[] = []): string[] {
  return [...before, ...text.split(/[\s,]+/).filter((one) => one !== '')];
}
