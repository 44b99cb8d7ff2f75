import * as z from 'zod';
import type { PromptContributor } from '../core/extension.js';
import { optionText } from './option-text.js';

const instructions: Readonly<Record<string, string>> = {
  en: 'Respond in English.',
  es: 'Responde en español.',
  fr: 'Répondre en français.',
  de: 'Auf Deutsch antworten.',
  ja: '日本語で回答してください。',
};

export const optionsSchema = z.strictObject({
  /** A code such as `es` or `pt-BR`, or a language by its name. */
  language: optionText.optional(),
});

export type LanguageOptions = z.input<typeof optionsSchema>;

/** Asks for answers in the language of the prompt context, else in that of the option; says nothing without either. */
export function createLanguageContributor(options: LanguageOptions = {}): PromptContributor {
  const preset = optionsSchema.parse(options).language;
  return {
    name: 'language',
    priority: 70,
    getContribution(context) {
      const wanted = optionText.safeParse(context.language).data ?? preset;
      return { section: 'language', text: wanted === undefined ? '' : `Language: ${instruction(wanted)}` };
    },
  };
}

function instruction(language: string): string {
  const code = language.toLowerCase();
  return (Object.hasOwn(instructions, code) && instructions[code]) || `Respond in ${nameOf(language)}.`;
}

/** The English name of a language code; anything else is a name already. */
function nameOf(language: string): string {
  if (!/^[a-z]{2,3}([-_][a-z0-9]{2,8})*$/i.test(language)) return language;
  try {
    return new Intl.DisplayNames('en', { type: 'language' }).of(language.replaceAll('_', '-')) ?? language;
  } catch {
    return language;
  }
}
