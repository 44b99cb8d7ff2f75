import { removeUserSetting, setUserSetting, userSettingsFile } from '../../config/edit.js';
import { victorPaths } from '../../config/paths.js';
import { ConfigError } from '../../core/errors.js';
import { sanitize } from '../../ui/sanitize.js';
import { type CommandLine, notice } from '../command-line.js';
import { checkKey } from './check-key.js';

/** Prints the file that `config set` writes. */
export function configPath(cli: CommandLine): void {
  cli.stdout.write(`${sanitize(userSettingsFile(victorPaths(cli.environment)))}\n`);
}

/** Sets one key for every folder; what a project, the environment or a flag says still comes first. */
export async function setConfig(key: string, value: string, cli: CommandLine): Promise<void> {
  const { file } = await setUserSetting({ key, value, paths: victorPaths(cli.environment) });
  notice(cli, `set ${key} in ${file}`);
}

/** Takes one key out of the user's own settings. Throws `ConfigError` where it is not in them. */
export async function unsetConfig(key: string, cli: CommandLine): Promise<void> {
  const paths = victorPaths(cli.environment);
  const file = userSettingsFile(paths);
  if (!(await removeUserSetting({ key, paths }))) {
    checkKey(key);
    throw new ConfigError(`${key} is not set in ${file}`, {
      advice: 'victor config show --origin says where each value comes from.',
      file,
      key,
    });
  }
  notice(cli, `${key} is no longer set in ${file}`);
}
