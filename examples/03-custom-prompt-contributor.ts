/**
 * Custom prompt contributors: compliance rules, code style and language, each added where its task asks for it.
 * Useful for the demands of a domain, for several languages and for style guides.
 * Run it with `npm run build && npx tsx examples/03-custom-prompt-contributor.ts`.
 */
import {
  AgentOrchestrator,
  type PromptContext,
  type PromptContributor,
  PromptCoordinator,
  ScriptedProvider,
} from 'victor-agent';
import { isMain } from './shared/is-main.js';

/** Adds compliance requirements where the context asks for them. */
export class CompliancePromptContributor implements PromptContributor {
  readonly priority = 80; // High: contributes first.

  getContribution(context: PromptContext): string {
    if (!context.requiresCompliance) return '';
    return `## Compliance Requirements
- Follow all regulatory requirements (GDPR, HIPAA, etc.)
- Do not include personal identifiable information (PII)
- Ensure data handling meets security standards`;
  }
}

export interface StyleGuide {
  readonly maxLineLength: number;
  readonly indentation: string;
  readonly namingConvention: string;
}

/** Adds the style guide to coding tasks. */
export class CodeStylePromptContributor implements PromptContributor {
  readonly priority = 60; // Medium.
  readonly #guide: StyleGuide;

  constructor(styleGuide: StyleGuide) {
    this.#guide = styleGuide;
  }

  getContribution(context: PromptContext): string {
    if (context.task !== 'code_generation') return '';
    return `## Code Style Guidelines
- Max line length: ${this.#guide.maxLineLength}
- Use ${this.#guide.indentation} for indentation
- Follow ${this.#guide.namingConvention} naming convention
- Type hints required for all functions`;
  }
}

const instructions = new Map([
  ['en', 'Respond in English.'],
  ['es', 'Responde en español.'],
  ['fr', 'Répondre en français.'],
  ['de', 'Auf Deutsch antworten.'],
  ['ja', '日本語で回答してください。'],
]);

/** Asks for the user's language. It is a section of its own, so that a later contributor can override it. */
export class MultilingualPromptContributor implements PromptContributor {
  readonly priority = 70; // Medium-high.

  getContribution(context: PromptContext) {
    const language = typeof context.language === 'string' ? context.language : 'en';
    const text = `Language: ${instructions.get(language) ?? instructions.get('en')}`;
    return { section: 'language', text };
  }
}

export const styleGuide: StyleGuide = {
  maxLineLength: 100,
  indentation: '4 spaces',
  namingConvention: 'PEP8',
};

async function customPromptExample(): Promise<void> {
  // Step 1: create the contributors.
  const contributors = [
    new CompliancePromptContributor(),
    new CodeStylePromptContributor(styleGuide),
    new MultilingualPromptContributor(),
  ];

  // Step 2: create the coordinator. It brings the base prompt, unless one of the contributors is called `base`.
  const prompt = new PromptCoordinator({ contributors });

  // Step 3: use it with an orchestrator, here one whose model repeats the language that it was told.
  const orchestrator = new AgentOrchestrator({
    provider: new ScriptedProvider({
      script: ({ system }) => ({ text: /^Language: .*/m.exec(system)?.[0] ?? 'No language.' }),
    }),
    model: 'claude-sonnet-4-5',
    coordinators: { prompt },
  });

  // Step 4: build a prompt: base, compliance (80), language (70), code style (60).
  console.log('Generated prompt:');
  console.log(
    await prompt.buildSystemPrompt({ task: 'code_generation', requiresCompliance: true, language: 'en' }),
  );

  // In a turn, the context is what `chat` is given, and what the orchestrator knows.
  const response = await orchestrator.chat('Bonjour !', { context: { language: 'fr' } });
  console.log(`\nThe model was told: ${response.content}`);

  // A later contribution to a section takes the place of the earlier one.
  const forTheSupportDesk: PromptContributor = {
    priority: 10,
    getContribution: () => ({ section: 'language', text: 'Language: the one of the customer.' }),
  };
  const overridden = new PromptCoordinator({ contributors: [...contributors, forTheSupportDesk] });
  const lines = (await overridden.buildSystemPrompt({ language: 'en' })).split('\n');
  console.log(`Overridden: ${lines.filter((line) => line.startsWith('Language:')).join()}`);

  await orchestrator.close();
}

if (isMain(import.meta.filename)) await customPromptExample();
