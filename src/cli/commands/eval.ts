import { Command, InvalidArgumentError, Option } from 'commander';
import type { CommandLine } from '../command-line.js';

export function evalCommand(cli: CommandLine): Command {
  const evaluation = new Command('eval').description('replay stored sessions against strategies');
  const trust = ['--trust', "load this folder's configuration and extensions, this once"] as const;
  evaluation
    .command('compaction')
    .description('what each strategy would keep of sessions, and what it would lose; asks no model')
    .argument('[sessions...]', 'the id or the start of it, one or several')
    .option('--sample', 'a made-up session that comes along')
    .option('--cases <file>', 'cases of your own: {"session": "…", "facts": ["…"], "task": "…"}, one a line')
    .addOption(
      new Option(
        '--strategies <names>',
        'built-in, ./file.js or package, separated by commas; the one in force and the built-in ones when left out',
      ).argParser(names),
    )
    .addOption(
      new Option('--budget <sizes>', 'what to make of them: shares, or tokens, separated by commas')
        .argParser(budgets)
        .default([0.25], '25%'),
    )
    .option('--diff', 'all that is lost, and more of what each drops')
    .option('--json', 'as JSON')
    .option(...trust)
    .action(async (sessions: string[], options) => {
      const { evaluateCompaction } = await import('../turn-commands.js');
      await evaluateCompaction(sessions, options, cli);
    });
  evaluation
    .command('tools')
    .description('how often each strategy ranks the right tool first, by requests of yours')
    .argument('<cases>', 'a file: {"request": "…", "expected": ["Grep"]}, one a line')
    .addOption(
      new Option(
        '--strategies <names>',
        'built-in, ./file.js or package, separated by commas; the one in force and the built-in ones when left out',
      ).argParser(names),
    )
    .option('--tools <file>', 'choose from these: {"Name": "what it does"}; your own tools when left out')
    .option('--misses', 'all requests whose tool was not ranked first')
    .option('--json', 'as JSON')
    .option(...trust)
    .action(async (cases: string, options) => {
      const { evaluateTools } = await import('../turn-commands.js');
      await evaluateTools(cases, options, cli);
    });
  return evaluation;
}

function names(text: string): string[] {
  const given = text.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
  if (given.length === 0) throw new InvalidArgumentError('It must name at least one strategy.');
  return given;
}

/** Shares of the tokens as numbers up to 1, tokens as they are. */
function budgets(text: string): number[] {
  const sizes = text.split(',').map((size) => {
    const [, number, percent] = /^(\d{1,9}(?:\.\d{1,3})?)\s*(%?)$/.exec(size.trim()) ?? [];
    const value = Number(number);
    if (percent === '%' && value > 0 && value <= 100) return value / 100;
    if (percent === '' && Number.isInteger(value) && value > 1) return value;
    throw new InvalidArgumentError('It must be shares such as 25%, or tokens such as 8000.');
  });
  return [...new Set(sizes)];
}
