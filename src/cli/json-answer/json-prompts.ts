import { dataBlock } from '../../core/data-block.js';
import type { AnswerSchema } from './read-schema.js';

/** What is wrong may be as long as the answer; the model needs a few places of it. */
const MOST_PROBLEMS = 20;
const LONGEST_PROBLEM = 300;

/** The prompt with what the last message has to be; a provider that takes the schema itself is told it too. */
export function schemaPrompt(prompt: string, schema: AnswerSchema): string {
  return `${prompt}

Work as usual. A program reads your final message: it must be one JSON value and nothing else, no words around it and no block of code, valid against this JSON schema:
${dataBlock('answer-schema', JSON.stringify(schema))}`;
}

export function correctionPrompt(problems: readonly string[]): string {
  const more = problems.length - MOST_PROBLEMS;
  const lines = problems.slice(0, MOST_PROBLEMS).map((problem) => `- ${shortened(problem)}`);
  return `Your final message is not what the JSON schema in <answer-schema> asks for:
${lines.join('\n')}${more > 0 ? `\n- and ${more} more` : ''}
Send the whole value again, corrected: only the JSON.`;
}

export function shortened(problem: string): string {
  const characters = [...problem];
  return characters.length > LONGEST_PROBLEM
    ? `${characters.slice(0, LONGEST_PROBLEM - 1).join('')}…`
    : problem;
}
