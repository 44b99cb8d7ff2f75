import * as z from 'zod';
import type { Tool } from '../core/tool.js';

export interface PlanInput {
  /** Markdown. */
  readonly plan: string;
}

/** Hands a finished plan to the user, who has it carried out or says what to change. For hosts that can ask. */
export function createPlanTool(): Tool<PlanInput> {
  return {
    name: 'Plan',
    description:
      'In mode plan: hand over your finished plan, in Markdown, for the user to approve or revise.',
    kind: 'read',
    core: true,
    schema: z.strictObject({ plan: z.string().regex(/\S/) }),
    paths: () => [],
    plan: (input) => input.plan,
    describe: ({ plan }) => heading(plan),
    execute: async () => ({
      content: 'There is nothing to approve outside mode plan: go on as the mode that holds lets you.',
      summary: 'nothing to approve',
    }),
  };
}

/** The first line that says something, without its Markdown mark. */
function heading(plan: string): string {
  const line = /^[\s#]*(\S.*)$/mu.exec(plan)?.[1] ?? '';
  return /^.{0,80}/u.exec(line)?.[0] ?? '';
}
