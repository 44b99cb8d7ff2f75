import type { Tool as ListedTool } from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';
import type { Tool, ToolContext, ToolResult } from '../core/tool.js';
import { modelText } from '../tools/model-text.js';
import { cleanSchema } from './clean-schema.js';
import { hashOf } from './hash-of.js';

/** What a model reads of one tool; each is sent with every request. */
const LONGEST_DESCRIPTION = 1_000;
const MOST_KEYWORDS = 30;

const anyInput = z.record(z.string(), z.unknown());

/** Calls a tool by the name that the server gives it. */
export type CallServer = (
  tool: string,
  input: Readonly<Record<string, unknown>>,
  context: ToolContext,
) => Promise<ToolResult>;

export interface ServerToolOptions {
  readonly server: string;
  /** As the model calls it. */
  readonly name: string;
  readonly listed: ListedTool;
  readonly identity: string;
  readonly call: CallServer;
}

/** What a tool is, for an approval: everything of it that could make a user or a model use it otherwise. */
export function identityOf(definitionHash: string, { name, description, inputSchema }: ListedTool): string {
  return hashOf([definitionHash, name, description ?? '', inputSchema]);
}

/**
 * A tool of a server as one of Victor's. Whatever a server says of it (that it only reads, for example) is its word alone, so
 * each is one that executes. `undefined` when its schema cannot be published.
 */
export function serverTool({ server, name, listed, identity, call }: ServerToolOptions): Tool | undefined {
  const inputSchema = cleanSchema(listed.inputSchema);
  if (!inputSchema) return undefined;
  const description = modelText(listed.description ?? '').trim();
  const words = `${server} ${listed.name} ${listed.title ?? ''}`.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return {
    name,
    description: shortened(description) || `${modelText(listed.name)} of the MCP server ${server}`,
    kind: 'execute',
    keywords: [...new Set(words)].slice(0, MOST_KEYWORDS),
    schema: anyInput,
    inputSchema,
    identity,
    // Nobody knows what a server touches; what may run is decided by the tool alone.
    paths: () => [],
    describe: (input) => JSON.stringify(input),
    execute: (input, context) => call(listed.name, input as Record<string, unknown>, context),
  };
}

function shortened(text: string): string {
  return text.length > LONGEST_DESCRIPTION ? `${text.slice(0, LONGEST_DESCRIPTION)}…` : text;
}
