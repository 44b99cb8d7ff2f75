import { loadConfig } from '../../config/load.js';
import type { Settings } from '../../config/schema.js';
import { homeOf } from '../../providers/choose-provider.js';
import { listedModels } from '../../providers/listed-model.js';
import { presets } from '../../providers/presets.js';
import type { CommandLine } from '../command-line.js';
import { detailsText, modelDetails } from '../model-details.js';
import { workDirectory } from '../work-directory.js';
import type { Candidate } from './candidates.js';

/**
 * What `--model` may be, from the price list alone, because nobody waits for a network at a key: the providers, and the
 * models of the one whose name is written already, else of the one that would answer here.
 */
export async function modelCandidates(current: string, cli: CommandLine): Promise<readonly Candidate[]> {
  const { settings } = await loadConfig({ cwd: workDirectory(undefined), environment: cli.environment });
  const slash = current.indexOf('/');
  const home = homeOf(settings, cli.environment);
  if (slash > 0) {
    const written = modelsOf(current.slice(0, slash), settings, true);
    // A name with a slash may also be a model of the provider that answers anyway.
    return written.length > 0 ? written : modelsOf(home, settings, false);
  }
  const providers = Object.entries(presets).map(([value, { defaultModel = '', local }]) => ({
    value,
    description: defaultModel === '' && local ? 'on this machine' : defaultModel,
  }));
  const offline = { value: 'offline', description: 'no model: finds answers in the files of this folder' };
  const full = [...modelsOf(home, settings, true), ...providers, offline];
  if (current === '' || full.some(({ value }) => value.startsWith(current))) return full;
  return modelsOf(home, settings, false);
}

function modelsOf(provider: string, settings: Settings, withProvider: boolean): Candidate[] {
  return listedModels(provider).map((model) => ({
    value: withProvider ? `${provider}/${model}` : model,
    description: detailsText(modelDetails({ name: provider }, model, settings)),
  }));
}
