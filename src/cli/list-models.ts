import { loadConfig } from '../config/load.js';
import { providerAccess } from '../config/provider-access.js';
import { chooseProvider } from '../providers/choose-provider.js';
import { sanitize } from '../ui/sanitize.js';
import { type CommandLine, notice } from './command-line.js';
import { formatJson } from './format-json.js';
import { workDirectory } from './work-directory.js';

const timeoutMs = 15_000;

/** The models that the provider says it serves, one a line, in the form that --model takes. */
export async function listModels(
  name: string | undefined,
  options: { json?: true; trust?: true },
  cli: CommandLine,
): Promise<void> {
  const { environment, stdout } = cli;
  const config = await loadConfig({
    cwd: workDirectory(undefined),
    environment,
    ...(options.trust ? { trust: true } : {}),
    ...(name === undefined ? {} : { flags: { provider: name } }),
  });
  const { settings, notices } = config;
  for (const text of notices) notice(cli, text);
  const { provider, model: current } = chooseProvider({
    settings,
    environment,
    access: await providerAccess(config),
  });

  const models = (await provider.listModels?.(AbortSignal.timeout(timeoutMs))) ?? [];
  if (options.json) {
    return stdout.write(formatJson({ provider: provider.name, current, models }));
  }
  if (models.length === 0) {
    const advice = 'Name another, as in victor models ollama, or set a key.';
    notice(cli, `the provider ${provider.name} has no list of models. ${advice}`);
  }
  for (const model of models) {
    stdout.write(sanitize(`${provider.name}/${model}${model === current ? '  (current)' : ''}\n`));
  }
}
