import { dirname, resolve } from 'node:path';
import { victorPaths } from '../../config/paths.js';
import { mayRun } from '../../config/trust.js';
import { findWorkspaceRoot, realDirectory } from '../../config/workspace-root.js';
import { checkSettings, checkSettingsFile, type SettingsProblem } from '../../extensions/check-settings.js';
import { sanitize } from '../../ui/sanitize.js';
import { type CommandLine, notice } from '../command-line.js';
import { exitCodes } from '../exit-code.js';
import { formatJson } from '../format-json.js';
import { asSentence } from '../report-error.js';
import { workDirectory } from '../work-directory.js';

export interface ValidateOptions {
  readonly json?: true;
  readonly cwd?: string;
  readonly trust?: true;
}

/** Tells every mistake in one settings file, or in all that a run here would load; answers the exit code. */
export async function validateConfig(
  file: string | undefined,
  options: ValidateOptions,
  cli: CommandLine,
): Promise<number> {
  const { environment, stdout } = cli;
  const cwd = workDirectory(options.cwd);
  const { files, problems, notices } =
    file === undefined
      ? await checkSettings({ cwd, environment, ...(options.trust ? { trust: true } : {}) })
      : await checkOne(resolve(cwd, file), options, environment);
  const valid = problems.length === 0;
  if (options.json) {
    stdout.write(formatJson({ valid, files, problems, notices }));
  } else {
    for (const text of notices) notice(cli, text);
    for (const problem of problems) notice(cli, problemLine(problem));
    const what = files.length === 0 ? 'no settings files here, so the defaults hold' : files.join(', ');
    if (valid) stdout.write(`valid: ${sanitize(what)}\n`);
  }
  return valid ? exitCodes.ok : exitCodes.usage;
}

async function checkOne(file: string, { trust }: ValidateOptions, environment: NodeJS.ProcessEnv) {
  const paths = victorPaths(environment);
  const folder = realDirectory(dirname(file));
  const runCode =
    trust === true ||
    folder === paths.configDirectory ||
    (await mayRun(findWorkspaceRoot(folder), paths))(file);
  return checkSettingsFile(file, { runCode, environment });
}

/** One mistake in one line, with its place and what to do. */
export function problemLine({ file, line, message, advice }: SettingsProblem): string {
  const place = [file, line].filter((part) => part !== undefined).join(':');
  return [place === '' ? '' : `${place}:`, asSentence(message), advice].filter(Boolean).join(' ');
}
