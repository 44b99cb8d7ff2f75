import { ConfigError } from '../../core/errors.js';
import type { OpenTurn } from '../open-turn.js';

/** What is found in files is no answer by a schema, even where it happens to be JSON. */
export function noModelForJson(): ConfigError {
  return new ConfigError('no model is set up, and only a model can answer by --json-schema', {
    advice:
      'Set ANTHROPIC_API_KEY or OPENAI_API_KEY, or start Ollama and add --model ollama/NAME; victor models shows every provider.',
  });
}

/** Throws where nobody could answer, before anything is asked or kept. */
export function requireModel({ orchestrator, sessionId }: OpenTurn): void {
  // A config provider may still choose one for the session.
  if (orchestrator.settings.configProviders.length > 0) return;
  if (orchestrator.coordinators.provider.current(sessionId).provider === 'offline') throw noModelForJson();
}
