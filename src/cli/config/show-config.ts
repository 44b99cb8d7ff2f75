import { loadConfig } from '../../config/load.js';
import { maskSecrets } from '../../config/mask-secrets.js';
import { settingRows, shownOrigin, shownSetting } from '../../config/setting-rows.js';
import { sanitize } from '../../ui/sanitize.js';
import { colours } from '../colours.js';
import { type CommandLine, notice } from '../command-line.js';
import { formatJson } from '../format-json.js';
import { workDirectory } from '../work-directory.js';
import { checkKey } from './check-key.js';

export interface ShowOptions {
  readonly origin?: true;
  readonly json?: true;
  readonly cwd?: string;
  readonly trust?: true;
}

/**
 * The settings that hold here, one key a line or as JSON, each with where it comes from when asked; with a `key` that one
 * and all below it. Throws `ConfigError` for a key that there is not.
 */
export async function showConfig(
  key: string | undefined,
  options: ShowOptions,
  cli: CommandLine,
): Promise<void> {
  const { stdout, environment } = cli;
  const loaded = await loadConfig({
    cwd: workDirectory(options.cwd),
    environment,
    ...(options.trust ? { trust: true } : {}),
  });
  for (const text of loaded.notices) notice(cli, text);
  if (options.json && !options.origin && key === undefined)
    return stdout.write(formatJson(maskSecrets(loaded.settings)));

  const all = settingRows(loaded);
  const rows = key === undefined ? all : all.filter((row) => isBelow(row.key, key));
  if (key !== undefined && rows.length === 0) {
    checkKey(key);
    notice(cli, `${key} is not set, and has no default.`);
  }
  if (options.json && !options.origin)
    return stdout.write(formatJson(Object.fromEntries(rows.map((row) => [row.key, row.value]))));
  if (options.json) {
    const byKey = rows.map(({ key, value, origin }) => [key, { value, ...origin }]);
    return stdout.write(formatJson(Object.fromEntries(byKey)));
  }
  const { dim } = await colours(environment, stdout.isTerminal);
  for (const row of rows) {
    const origin = options.origin ? dim(sanitize(`  # ${shownOrigin(row.origin)}`)) : '';
    stdout.write(`${sanitize(shownSetting(row))}${origin}\n`);
  }
}

function isBelow(key: string, asked: string): boolean {
  return key === asked || key.startsWith(`${asked}.`) || key.startsWith(`${asked}[`);
}
