import { setUserSetting, userSettingsFile } from '../../config/edit.js';
import { victorPaths } from '../../config/paths.js';
import { sanitize } from '../../ui/sanitize.js';
import { type CommandLine, notice } from '../command-line.js';

/** Prints the file that `config set` writes. */
export function configPath(cli: CommandLine): void {
  cli.stdout.write(`${sanitize(userSettingsFile(victorPaths(cli.environment)))}\n`);
}

/** Sets one key for every folder; what a project, the environment or a flag says still comes first. */
export async function setConfig(key: string, value: string, cli: CommandLine): Promise<void> {
  const { file } = await setUserSetting({ key, value, paths: victorPaths(cli.environment) });
  notice(cli, `set ${key} in ${file}`);
}
