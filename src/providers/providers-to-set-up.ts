import { presets } from './presets.js';

/** A provider that cannot be asked yet. */
export interface ProviderToSetUp {
  /** As `--model` takes it. */
  readonly name: string;
  /** What it takes, in a few words. */
  readonly needs: string;
  /** What to do, in sentences. */
  readonly advice: string;
}

const programs: Readonly<Record<string, string>> = {
  ollama: 'Ollama (ollama serve) and fetch a model (ollama pull NAME)',
  lmstudio: 'LM Studio, load a model in it and start its server',
  vllm: 'vLLM with a model (vllm serve NAME)',
};

/** Those that nothing is set up for, in the order of the presets. `running`: local ones that answer. */
export function providersToSetUp(
  environment: NodeJS.ProcessEnv,
  running: readonly string[] = [],
): readonly ProviderToSetUp[] {
  return Object.entries(presets).flatMap(([provider, { apiKeyVariable, keyRequired, defaultModel }]) => {
    if (keyRequired && apiKeyVariable !== undefined) {
      if (environment[apiKeyVariable]) return [];
      return {
        name: `${provider}/${defaultModel ?? 'NAME'}`,
        needs: `needs a key in ${apiKeyVariable}`,
        advice: `${provider} needs a key: run export ${apiKeyVariable}=… in the shell, and start victor there anew; victor -c goes on with this chat.`,
      };
    }
    if (running.includes(provider)) return [];
    const program = programs[provider] ?? `the server of ${provider}`;
    return {
      name: `${provider}/NAME`,
      needs: 'needs its server on this machine, and no key',
      advice: `${provider} needs its server on this machine: start ${program}, then /model ${provider}/NAME, or victor --model ${provider}/NAME from the shell.`,
    };
  });
}
