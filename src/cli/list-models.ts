import { loadConfig } from '../config/load.js';
import { providerAccess } from '../config/provider-access.js';
import { chooseProvider } from '../providers/choose-provider.js';
import { modelDataSource } from '../providers/model-data.js';
import { providersToSetUp } from '../providers/providers-to-set-up.js';
import { sanitize } from '../ui/sanitize.js';
import { colours } from './colours.js';
import { type CommandLine, notice } from './command-line.js';
import { formatJson } from './format-json.js';
import { formatTable } from './format-table.js';
import { detailsObject, detailsText, modelDetails, priceListText } from './model-details.js';
import { workDirectory } from './work-directory.js';

const timeoutMs = 15_000;

/** The models that the provider says it serves, one a line: in the form that --model takes, and what is known of it. */
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
    const details = models.map((model) => detailsObject(modelDetails(provider, model, settings)));
    const price_list = modelDataSource;
    return stdout.write(formatJson({ provider: provider.name, current, models, details, price_list }));
  }
  if (models.length === 0) {
    const advice = 'Name another, as in victor models ollama, or set a key.';
    notice(cli, `the provider ${provider.name} has no list of models. ${advice}`);
  }
  for (const model of models) {
    const about = provider.free ? 'costs nothing' : detailsText(modelDetails(provider, model, settings));
    const mark = model === current ? '  (current)' : '';
    stdout.write(sanitize(`${provider.name}/${model}${mark}  ${about}\n`));
  }
  if (provider.name === 'offline' && settings.provider === undefined) {
    notice(cli, 'no model is set up. One of these answers instead, with --model or victor config set model:');
    const rows = providersToSetUp(environment).map(({ name: one, needs }) => [one, needs]);
    const looks = { width: 0, colours: await colours(environment, false) };
    cli.stderr.write(formatTable(['model', 'what it takes'], rows, looks));
  }
  if (models.length > 0 && !provider.free) notice(cli, priceListText);
}
