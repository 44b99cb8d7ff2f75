/** A provider that is known by name. */
export interface Preset {
  readonly dialect: 'anthropic' | 'openai';
  readonly baseURL: string;
  /** The environment variable its key is taken from. */
  readonly apiKeyVariable?: string;
  readonly keyRequired: boolean;
  /** Used when no model is set. Local servers have none: they serve what was loaded into them. */
  readonly defaultModel?: string;
  /** Runs on this machine: it may need minutes to load a model before its first word. */
  readonly local?: boolean;
}

export const presets: Readonly<Record<string, Preset>> = {
  anthropic: {
    dialect: 'anthropic',
    baseURL: 'https://api.anthropic.com',
    apiKeyVariable: 'ANTHROPIC_API_KEY',
    keyRequired: true,
    defaultModel: 'claude-sonnet-5-5',
  },
  openai: {
    dialect: 'openai',
    baseURL: 'https://api.openai.com/v1',
    apiKeyVariable: 'OPENAI_API_KEY',
    keyRequired: true,
    defaultModel: 'gpt-5.4',
  },
  openrouter: {
    dialect: 'openai',
    baseURL: 'https://openrouter.ai/api/v1',
    apiKeyVariable: 'OPENROUTER_API_KEY',
    keyRequired: true,
    defaultModel: 'anthropic/claude-sonnet-5.5',
  },
  ollama: { dialect: 'openai', baseURL: 'http://127.0.0.1:11434/v1', keyRequired: false, local: true },
  lmstudio: { dialect: 'openai', baseURL: 'http://127.0.0.1:1234/v1', keyRequired: false, local: true },
  vllm: {
    dialect: 'openai',
    baseURL: 'http://127.0.0.1:8000/v1',
    apiKeyVariable: 'VLLM_API_KEY',
    keyRequired: false,
    local: true,
  },
  groq: {
    dialect: 'openai',
    baseURL: 'https://api.groq.com/openai/v1',
    apiKeyVariable: 'GROQ_API_KEY',
    keyRequired: true,
    defaultModel: 'openai/gpt-oss-120b',
  },
  deepseek: {
    dialect: 'openai',
    baseURL: 'https://api.deepseek.com/v1',
    apiKeyVariable: 'DEEPSEEK_API_KEY',
    keyRequired: true,
    defaultModel: 'deepseek-v4-flash',
  },
  mistral: {
    dialect: 'openai',
    baseURL: 'https://api.mistral.ai/v1',
    apiKeyVariable: 'MISTRAL_API_KEY',
    keyRequired: true,
    defaultModel: 'mistral-large-latest',
  },
  gemini: {
    dialect: 'openai',
    baseURL: 'https://generativelanguage.googleapis.com/v1beta/openai',
    apiKeyVariable: 'GEMINI_API_KEY',
    keyRequired: true,
    defaultModel: 'gemini-flash-latest',
  },
};

/** Whether a name alone, where a model may stand, is that of a provider. */
export function isProviderName(name: string): boolean {
  return name === 'offline' || name === 'scripted' || Object.hasOwn(presets, name);
}
