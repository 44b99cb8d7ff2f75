import * as z from 'zod';
import type { Tool, ToolContext, ToolResult } from '../core/tool.js';

export interface TaskInput {
  readonly description: string;
  readonly prompt: string;
  readonly type?: string | undefined;
}

export interface TaskToolOptions {
  readonly types: readonly { readonly name: string; readonly description: string }[];
  readonly run: (input: TaskInput, context: ToolContext) => Promise<ToolResult>;
}

/** All of the list that every request pays for. */
const MOST_CHARACTERS = 1_500;

/** Hands a job to a subagent. It reads, because what its subagent does is decided call by call, as if the session did it. */
export function createTaskTool({ types, run }: TaskToolOptions): Tool<TaskInput> {
  return {
    name: 'Task',
    description: `Hand a job to a subagent with its own context. It sees only your prompt; you get only its last message. Several in one message run at once. Types: ${listed(types)}`,
    kind: 'read',
    schema: z.strictObject({
      description: z.string().min(1).describe('3 to 6 words'),
      prompt: z.string().min(1),
      type: z.string().optional().describe('default general'),
    }),
    paths: () => [],
    describe: ({ description, type }) => (type === undefined ? description : `${type}: ${description}`),
    execute: run,
  };
}

function listed(types: TaskToolOptions['types']): string {
  const text = types.map(({ name, description }) => `${name} (${description})`).join(', ');
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
