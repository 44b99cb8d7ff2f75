import { originOf } from '../../config/changed-settings.js';
import { loadConfig } from '../../config/load.js';
import { shownOrigin } from '../../config/setting-rows.js';
import { colours } from '../colours.js';
import { type CommandLine, notice } from '../command-line.js';
import { exitCodes } from '../exit-code.js';
import { settingsFromFlags, type TurnFlags } from '../flags.js';
import { formatJson } from '../format-json.js';
import { formatTable } from '../format-table.js';
import { openTurn } from '../open-turn.js';
import { workDirectory } from '../work-directory.js';
import { describeCase, type TriedCase, tryCase } from './cases.js';

export interface CheckOptions extends Partial<TurnFlags> {
  readonly json?: true;
}

/**
 * Tries the cases of `permissions.tests` on what decides here; nothing runs and nobody is asked. Those of a project count
 * without trust too, because they only look. A mismatch ends with exit code 1, a case that cannot be tried with 2.
 */
export async function checkCases(options: CheckOptions, cli: CommandLine): Promise<void> {
  const { stdout, environment } = cli;
  const flags = { ...options, session: false };
  const cwd = workDirectory(flags.cwd);
  const trust = flags.trust ? { trust: true } : {};
  const config = await loadConfig({ cwd, environment, flags: settingsFromFlags(flags, cwd), ...trust });
  const { orchestrator } = await openTurn(flags, cli, { config });
  try {
    for (const text of orchestrator.notices) notice(cli, text);
    const cases: (TriedCase & { case: string; expect: string; from: string })[] = [];
    for (const [index, given] of config.settings.permissions.tests.entries()) {
      const key = `permissions.tests.${index}`;
      const from = shownOrigin(originOf(config, key)!);
      const tried = await tryCase(given, `${key} of ${from}`, orchestrator);
      cases.push({ case: describeCase(given), expect: given.expect, ...tried, from });
    }
    const mismatches = cases.filter(({ holds }) => !holds).length;
    if (mismatches > 0) cli.exitCode = exitCodes.failure;
    if (options.json) return stdout.write(formatJson({ mismatches, cases }));
    if (cases.length === 0) {
      return notice(
        cli,
        'there are no cases yet. permissions.tests in your settings holds them, such as { command: git push, expect: deny }',
      );
    }
    const rows = cases.map((one) => [
      one.holds ? 'ok' : 'MISMATCH',
      ...[one.case, one.expect, one.verdict, one.mode, one.from],
      one.reason,
    ]);
    const head = ['', 'case', 'expected', 'decided', 'mode', 'from', 'why'];
    const table = formatTable(head, rows, {
      width: stdout.isTerminal ? stdout.columns : 0,
      colours: await colours(environment, stdout.isTerminal),
    });
    const all = `${cases.length} ${cases.length === 1 ? 'case' : 'cases'}`;
    stdout.write(`${table}${all}, ${mismatches} ${mismatches === 1 ? 'mismatch' : 'mismatches'}\n`);
  } finally {
    await orchestrator.close();
  }
}
