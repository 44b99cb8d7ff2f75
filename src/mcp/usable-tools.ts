import type { Tool as ListedTool } from '@modelcontextprotocol/sdk/types.js';

/** Longer names than any model may call are no names. */
export const LONGEST_TOOL_NAME = 128;

export interface UsableTools {
  readonly tools: readonly ListedTool[];
  /** Names that came more than once; the first tool of each is kept. */
  readonly repeated: readonly string[];
  /** Tools whose name is too long. */
  readonly tooLong: number;
}

/**
 * What of a list may be used: one tool of each name that is not too long. What was approved, what the model reads and what is called are
 * told apart by the name alone, so that a second one would pass as the first.
 */
export function usableTools(listed: readonly ListedTool[]): UsableTools {
  const tools = new Map<string, ListedTool>();
  const repeated = new Set<string>();
  const short = listed.filter(({ name }) => name.length <= LONGEST_TOOL_NAME);
  for (const tool of short) {
    if (tools.has(tool.name)) repeated.add(tool.name);
    else tools.set(tool.name, tool);
  }
  return { tools: [...tools.values()], repeated: [...repeated], tooLong: listed.length - short.length };
}
