import { request } from 'node:http';
import { presets } from './presets.js';

/** A model server that runs on this machine. */
export interface LocalServer {
  /** For people: `Ollama`. */
  readonly name: string;
  /** The preset that speaks to it: `ollama`. */
  readonly provider: string;
  /** Its models as `/model` takes them: `ollama/llama3.2`. */
  readonly models: readonly string[];
}

/** Milliseconds for both probes together: the first screen waits for them. */
const LONGEST_MS = 300;
const LARGEST_BYTES = 1024 * 1024;

/**
 * Asks this machine for Ollama and LM Studio on their usual ports. Only `doctor` and the chat's first screen ask;
 * nothing else leaves a trace on loopback unbidden. Never throws: what does not answer in 300 ms is not there.
 */
export async function detectLocalServers(
  signal: AbortSignal,
  addresses: Readonly<Record<string, string>> = {},
): Promise<readonly LocalServer[]> {
  const known = [
    { name: 'Ollama', provider: 'ollama' },
    { name: 'LM Studio', provider: 'lmstudio' },
  ];
  const found = await Promise.all(
    known.map(async ({ name, provider }) => {
      const baseURL = addresses[provider] ?? presets[provider]?.baseURL ?? '';
      const models = await listedModels(`${baseURL}/models`, signal);
      return models && { name, provider, models: models.map((model) => `${provider}/${model}`) };
    }),
  );
  return found.filter((server) => server !== undefined);
}

function listedModels(url: string, signal: AbortSignal): Promise<readonly string[] | undefined> {
  return new Promise((resolve) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]);
    const call = request(url, { signal: limit, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        text += piece;
        if (text.length > LARGEST_BYTES) call.destroy();
      });
      response.on('error', () => resolve(undefined));
      response.on('close', () => resolve(response.statusCode === 200 ? modelIds(text) : undefined));
    });
    call.on('error', () => resolve(undefined));
    call.end();
  });
}

function modelIds(text: string): readonly string[] | undefined {
  try {
    const { data } = JSON.parse(text) as { data?: unknown };
    if (!Array.isArray(data)) return undefined;
    return data.map((model) => (model as { id?: unknown } | null)?.id).filter((id) => typeof id === 'string');
  } catch {
    return undefined;
  }
}
