import { formatKey } from '../../config/key-path.js';
import { type LoadedConfig, loadConfig, type Origin } from '../../config/load.js';
import { maskSecrets } from '../../config/mask-secrets.js';
import { sanitize } from '../../ui/sanitize.js';
import { colours } from '../colours.js';
import { type CommandLine, notice } from '../command-line.js';
import { formatJson } from '../format-json.js';
import { workDirectory } from '../work-directory.js';

export interface ShowOptions {
  readonly origin?: true;
  readonly json?: true;
  readonly cwd?: string;
  readonly trust?: true;
}

/** The settings that hold here, one key a line or as JSON, each with where it comes from when asked. */
export async function showConfig(options: ShowOptions, cli: CommandLine): Promise<void> {
  const { stdout, environment } = cli;
  const loaded = await loadConfig({
    cwd: workDirectory(options.cwd),
    environment,
    ...(options.trust ? { trust: true } : {}),
  });
  for (const text of loaded.notices) notice(cli, text);
  const shown = maskSecrets(loaded.settings) as Readonly<Record<string, unknown>>;
  if (options.json && !options.origin) return stdout.write(formatJson(shown));

  const leaves = flatten(shown).map(([key, value]) => ({ key, value, origin: originOf(key, loaded) }));
  if (options.json) {
    const byKey = leaves.map(({ key, value, origin }) => [key, { value, ...origin }]);
    return stdout.write(formatJson(Object.fromEntries(byKey)));
  }
  const { dim } = await colours(environment, stdout.isTerminal);
  for (const { key, value, origin } of leaves) {
    const file = [origin.file, origin.line].filter(Boolean).join(':');
    const place = [origin.layer, origin.variable, file].filter(Boolean).join(' ');
    const line = sanitize(`${key} = ${JSON.stringify(value)}`);
    stdout.write(`${line}${options.origin ? dim(sanitize(`  # ${place}`)) : ''}\n`);
  }
}

/** Every leaf with its dotted key; a list is a leaf. */
function flatten(
  value: Readonly<Record<string, unknown>>,
  path: readonly string[] = [],
): [string, unknown][] {
  return Object.entries(value).flatMap(([key, one]): [string, unknown][] => {
    if (one === undefined) return [];
    const here = [...path, key];
    const isBranch =
      typeof one === 'object' && one !== null && !Array.isArray(one) && Object.keys(one).length > 0;
    return isBranch ? flatten(one as Record<string, unknown>, here) : [[formatKey(here), one]];
  });
}

/** A leaf that has no origin of its own comes from where the whole it is part of does. */
function originOf(key: string, { origins }: LoadedConfig): Origin {
  for (let known = key; known !== ''; known = known.replace(/(^|\.|\[)[^.[]*$/, '')) {
    const origin = origins[known];
    if (origin) return origin;
  }
  return { layer: 'defaults' };
}
