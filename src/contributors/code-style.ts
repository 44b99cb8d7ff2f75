import * as z from 'zod';
import type { PromptContributor } from '../core/extension.js';
import { optionText } from './option-text.js';

export const optionsSchema = z.strictObject({
  /** Characters. */
  maxLineLength: z.int().min(1).optional(),
  /** As it is said: `4 spaces`, `tabs`. */
  indentation: optionText.optional(),
  /** As it is said: `PEP8`, `camelCase`. */
  namingConvention: optionText.optional(),
  /** Whether every function needs type hints. */
  typeHints: z.boolean().default(false),
  /** For every task, not only where the prompt context has `task: code_generation`. */
  always: z.boolean().default(false),
});

export type CodeStyleOptions = z.input<typeof optionsSchema>;

/** States the style of the code to write, where the prompt context has `task: code_generation`. */
export function createCodeStyleContributor(options: CodeStyleOptions = {}): PromptContributor {
  const { maxLineLength, indentation, namingConvention, typeHints, always } = optionsSchema.parse(options);
  const guidelines = [
    maxLineLength && `- Max line length: ${maxLineLength}`,
    indentation && `- Use ${indentation} for indentation`,
    namingConvention && `- Follow ${namingConvention} naming convention`,
    typeHints && '- Type hints required for all functions',
  ].filter(Boolean);
  const text = guidelines.length > 0 ? ['## Code Style Guidelines', ...guidelines].join('\n') : '';
  return {
    name: 'code-style',
    priority: 60,
    getContribution({ task }) {
      return { section: 'code-style', text: always || task === 'code_generation' ? text : '' };
    },
  };
}
