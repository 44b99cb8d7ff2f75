import type { Prompt, PromptCoordinator, PromptPart } from '../core/coordinator.js';
import { estimateTextTokens } from '../core/tokens.js';
import { deciding, type Said } from './deciding-method.js';

export const promptMethods = {
  buildPrompt: deciding<PromptCoordinator, 'buildPrompt'>({
    sessionOf: ({ sessionId }) => sessionId,
    describe: ({ answer }) => said(answer),
  }),
  buildSystemPrompt: deciding<PromptCoordinator, 'buildSystemPrompt'>({
    sessionOf: ({ sessionId }) => sessionId,
    describe: ({ answer }) => said({ system: answer, volatile: '' }),
  }),
};

function said({ system, volatile, parts, volatileParts = [] }: Prompt): Said {
  const tokens = estimateTextTokens(system);
  const volatileTokens = estimateTextTokens(volatile);
  if (!parts) {
    const reason = 'The prompt coordinator does not tell its parts.';
    return { outcome: 'Built the prompt', reason, inputs: { tokens, volatileTokens } };
  }
  return {
    outcome: 'Built the prompt',
    reason: 'Who has the highest priority comes first; what is volatile goes behind all that is cached.',
    inputs: {
      tokens,
      parts: parts.map(sized),
      volatileTokens,
      volatile: volatileParts.map(sized),
      files: [...parts, ...volatileParts].flatMap(({ files = [] }) => files),
    },
  };
}

function sized({ contributor, section, text }: PromptPart): string {
  const who = section === contributor ? section : `${section} (${contributor})`;
  return `${who} ~${estimateTextTokens(text)}`;
}
