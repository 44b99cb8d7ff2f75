import { ConfigError } from '../../core/errors.js';
import { type CommandLine, notice } from '../command-line.js';
import { describeApproval, type FolderFlag, keptHere } from './kept-here.js';

export interface ForgetOptions extends FolderFlag {
  readonly all?: true;
}

/** Takes back what was allowed for the project; sessions that run notice at once. */
export async function forgetPermissions(
  numbers: readonly string[],
  options: ForgetOptions,
  cli: CommandLine,
): Promise<void> {
  const { directory, kept } = keptHere(options, cli);
  if (numbers.length > 0 === (options.all === true)) {
    throw new ConfigError('permissions forget takes the numbers of what to forget, or --all', {
      advice: 'victor permissions list shows them.',
    });
  }
  const approvals = kept.list();
  const chosen = options.all ? approvals : numbers.map((number) => approvals[indexOf(number)]);
  const missing = numbers.filter((_, at) => chosen[at] === undefined);
  if (missing.length > 0) {
    throw new ConfigError(`there is no approval ${missing.join(', ')} for ${directory}`, {
      advice: 'victor permissions list shows the numbers.',
    });
  }
  if (chosen.length === 0) return notice(cli, `nothing is remembered for ${directory}`);
  for (const approval of new Set(chosen.flatMap((one) => one ?? []))) {
    kept.forget(approval.file);
    notice(cli, `${approval.tool} ${describeApproval(approval)}: no longer allowed for the project`);
  }
}

function indexOf(number: string): number {
  return /^[1-9]\d*$/.test(number) ? Number(number) - 1 : -1;
}
