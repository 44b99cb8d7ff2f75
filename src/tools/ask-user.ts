import * as z from 'zod';
import type { Question } from '../core/decision.js';
import type { Tool } from '../core/tool.js';

export interface AskUserInput {
  readonly question: string;
  readonly options?: readonly string[] | undefined;
}

/** As many as there are keys with a digit. */
const MAX_OPTIONS = 9;
const MAX_QUESTION = 2_000;
const MAX_OPTION = 300;

/** Asks the user something that only they can decide; their answer is the result. For hosts that can ask. */
export function createAskUserTool(): Tool<AskUserInput> {
  return {
    name: 'AskUser',
    description:
      'Ask the user what only they can decide, with options they can choose from; they may answer in their own words.',
    kind: 'read',
    core: true,
    keywords: ['ask', 'question', 'user', 'choose', 'clarify', 'decide', 'prefer'],
    schema: z.strictObject({
      question: z.string().regex(/\S/).max(MAX_QUESTION),
      options: z.array(z.string().regex(/\S/).max(MAX_OPTION)).max(MAX_OPTIONS).optional(),
    }),
    paths: () => [],
    question: ({ question, options = [] }): Question => ({ text: question, options }),
    describe: ({ question }) => question,
    execute: async () => ({
      content: 'Nobody was asked: go on by your own judgement, or end here and say what has to be decided.',
      isError: true,
      summary: 'nobody was asked',
    }),
  };
}
