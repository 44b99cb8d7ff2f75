import * as z from 'zod';
import type { PromptContributor } from '../core/extension.js';

/** What is named for each region; the list is what the model is reminded of, not legal advice. */
const regulations = {
  br: 'LGPD',
  ca: 'PIPEDA',
  eu: 'GDPR, ePrivacy Directive',
  jp: 'APPI',
  uk: 'UK GDPR, Data Protection Act 2018',
  us: 'HIPAA, CCPA',
} as const;

type Region = keyof typeof regulations;

export const optionsSchema = z.strictObject({
  /** Whose regulations are named; the best known ones when absent. */
  region: z.enum(Object.keys(regulations) as [Region, ...Region[]]).optional(),
  /** For every task, not only where the prompt context says `requiresCompliance`. */
  always: z.boolean().default(false),
});

export type ComplianceOptions = z.input<typeof optionsSchema>;

/** Demands care with personal data where the prompt context says `requiresCompliance` (or `requires_compliance`). */
export function createComplianceContributor(options: ComplianceOptions = {}): PromptContributor {
  const { region, always } = optionsSchema.parse(options);
  const named = region === undefined ? 'GDPR, HIPAA, etc.' : regulations[region];
  const text = `## Compliance Requirements
- Follow all regulatory requirements (${named})
- Do not include personal identifiable information (PII)
- Ensure data handling meets security standards`;
  return {
    name: 'compliance',
    priority: 80,
    getContribution({ requiresCompliance, requires_compliance }) {
      const required = always || requiresCompliance === true || requires_compliance === true;
      return { section: 'compliance', text: required ? text : '' };
    },
  };
}
