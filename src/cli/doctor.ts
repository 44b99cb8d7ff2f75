import { sanitize } from '../ui/sanitize.js';
import { colours } from './colours.js';
import type { CommandLine } from './command-line.js';
import { checkSystem } from './doctor/check-system.js';
import { checkWorkspace, type WorkspaceOptions } from './doctor/check-workspace.js';
import { exitCodes } from './exit-code.js';
import { formatJson } from './format-json.js';

/** Looks at everything Victor stands on, each on its own, and answers exit code 1 when something is broken. */
export async function doctor(
  options: WorkspaceOptions & { readonly json?: true },
  cli: CommandLine,
): Promise<number> {
  const { stdout, environment } = cli;
  const checks = (await Promise.all([checkSystem(options.cwd, cli), checkWorkspace(options, cli)])).flat();
  if (options.json) {
    stdout.write(formatJson(checks));
  } else {
    const { green, red, dim } = await colours(environment, stdout.isTerminal);
    const marks = { ok: green('ok    '), info: dim('info  '), failed: red('failed') };
    for (const { name, status, detail } of checks) {
      stdout.write(`${marks[status]} ${sanitize(`${name}: ${detail}`)}\n`);
    }
  }
  return checks.some((check) => check.status === 'failed') ? exitCodes.failure : exitCodes.ok;
}
