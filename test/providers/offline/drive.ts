import { join } from 'node:path';
import * as z from 'zod';
import {
  assistantMessage,
  type Message,
  type ToolCall,
  toolMessage,
  userMessage,
} from '../../../src/core/message.js';
import type { Tool, ToolDefinition } from '../../../src/core/tool.js';
import { OfflineProvider } from '../../../src/providers/offline.js';
import { createGitDiffTool, createGitStatusTool } from '../../../src/tools/git.js';
import { coreTools } from '../../../src/tools/index.js';

export interface Turn {
  readonly answer: string;
  readonly calls: readonly ToolCall[];
  readonly rounds: number;
  /** Pieces that the answer was streamed in. */
  readonly chunks: number;
}

export interface DriveOptions {
  /** Tools offered; all that Victor has when absent. */
  readonly tools?: readonly string[];
  /** Refuses a call with this text. */
  readonly refuse?: (call: ToolCall) => string | undefined;
}

export function definitions(names?: readonly string[]): ToolDefinition[] {
  return offered(names).map(({ name, description, schema }) => {
    const { $schema, additionalProperties, ...inputSchema } = z.toJSONSchema(schema, { io: 'input' });
    return { name, description, inputSchema };
  });
}

/** A session with the offline provider over the real tools, as the turn loop runs it but without its coordinators. */
export function session(cwd: string, options: DriveOptions = {}) {
  const provider = new OfflineProvider();
  const tools = new Map(offered(options.tools).map((tool) => [tool.name, tool]));
  const messages: Message[] = [];
  const files = new Map<string, string>();

  return async function ask(text: string): Promise<Turn> {
    const { signal } = new AbortController();
    const calls: ToolCall[] = [];
    messages.push(userMessage(text));
    for (let rounds = 0; ; rounds++) {
      if (rounds > 5) throw new Error('The provider does not come to an end.');
      const request = {
        model: 'extractive',
        system: '',
        tools: definitions(options.tools),
        maxTokens: 8_192,
      };
      const pieces: string[] = [];
      const asked: ToolCall[] = [];
      for await (const event of provider.stream({ ...request, messages: [...messages] }, signal)) {
        if (event.type === 'text-delta') pieces.push(event.text);
        if (event.type === 'tool-call') asked.push(event.call);
      }
      messages.push(assistantMessage(pieces.join(''), { toolCalls: asked }));
      if (asked.length === 0) return { answer: pieces.join(''), calls, rounds, chunks: pieces.length };
      for (const call of asked) {
        calls.push(call);
        const refused = options.refuse?.(call);
        const tool = tools.get(call.name);
        if (!tool) throw new Error(`The provider called ${call.name}, which was not offered.`);
        const context = { cwd, sessionId: 's', signal, files, outputDirectory: join(cwd, '.output') };
        const result =
          refused === undefined
            ? await tool.execute(tool.schema.parse(call.input), context)
            : { content: refused, isError: true };
        messages.push(toolMessage(call, result.content, result.isError === true));
      }
    }
  };
}

/** `path:line` of each excerpt of an answer, best first. */
export function citations(answer: string): { path: string; line: number }[] {
  return [...answer.matchAll(/^(\S+):(\d+)\n`{3,}/gm)].map(([, path = '', line]) => ({
    path,
    line: Number(line),
  }));
}

function offered(names?: readonly string[]): Tool[] {
  const all = [...coreTools(), createGitStatusTool(), createGitDiffTool()] as Tool[];
  return names === undefined ? all : all.filter((tool) => names.includes(tool.name));
}
