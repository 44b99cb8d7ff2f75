import * as z from 'zod';
import type { Tool } from '../core/tool.js';
import type { FoundTools } from '../core/tool-ranking.js';

export interface FindToolsInput {
  readonly request: string;
}

/** Ranks the tools of a session for a request; the best of those that are not offered are from its next request on. */
export type FindTools = (request: string, sessionId: string) => Promise<FoundTools>;

export const finderName = 'find_tools';

/** Of one description; the whole one comes with the tool itself. */
const MOST_CHARACTERS = 300;

/** Lets the model pull tools that it was not offered. For sessions in which not all tools fit. */
export function createFindToolsTool(find: FindTools): Tool<FindToolsInput> {
  return {
    name: finderName,
    description:
      'More tools exist than you are offered. Say what you need done; the best of the others can be called afterwards.',
    kind: 'read',
    core: true,
    schema: z.strictObject({ request: z.string().regex(/\S/) }),
    paths: () => [],
    describe: ({ request }) => request,
    async execute({ request }, { sessionId }) {
      const { added, known, full } = await find(request, sessionId);
      const lines = added.map(({ name, description }) => `- ${name}: ${shortened(description)}`);
      const parts = [
        ...(added.length > 0 ? [`From your next message on you can call:\n${lines.join('\n')}`] : []),
        ...(known.length > 0 ? [`You can call these already: ${known.join(', ')}.`] : []),
        ...(full ? ['No more tools are added in this session. Go on with those you have.'] : []),
      ];
      const nothing = 'No tool has anything to do with that. Say it in other words, or go on without.';
      return {
        content: parts.join('\n\n') || nothing,
        summary: added.length === 0 ? 'nothing new' : added.map(({ name }) => name).join(', '),
      };
    },
  };
}

function shortened(description: string): string {
  const line = description.replaceAll(/\s+/g, ' ').trim();
  return line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)}…` : line;
}
