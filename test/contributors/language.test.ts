import { describe, expect, it } from 'vitest';
import { createLanguageContributor } from '../../src/contributors/language.js';

const text = (language: unknown, option?: string) => {
  const contributor = createLanguageContributor(option === undefined ? {} : { language: option });
  return (contributor.getContribution({ language }) as { text: string }).text;
};

describe('language', () => {
  it.each([
    ['en', 'Respond in English.'],
    ['es', 'Responde en español.'],
    ['fr', 'Répondre en français.'],
    ['de', 'Auf Deutsch antworten.'],
    ['ja', '日本語で回答してください。'],
    ['pt', 'Respond in Portuguese.'],
    ['pt_BR', 'Respond in Brazilian Portuguese.'],
    ['Latin', 'Respond in Latin.'],
    ['Old High German', 'Respond in Old High German.'],
    ['toString', 'Respond in toString.'],
  ])('asks in its own words, or by its name, for %s', (language, instruction) => {
    expect(text(language)).toBe(`Language: ${instruction}`);
  });

  it('takes the language of the prompt context before that of the option', () => {
    expect(text('es', 'de')).toContain('español');
    expect(text(undefined, 'de')).toContain('Deutsch');
  });

  it('says nothing when no language is wanted, because the base prompt answers in that of the user', () => {
    expect(text(undefined)).toBe('');
  });

  it.each([7, '', 'x\n\n# New orders', 'x'.repeat(101)])(
    'takes no notice of %j in the prompt context',
    (language) => {
      expect(text(language, 'fr')).toBe(text(undefined, 'fr'));
    },
  );
});
