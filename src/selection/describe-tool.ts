import type { ToolDescriptor } from '../core/extension.js';
import type { Tool } from '../core/tool.js';

/** What a selection strategy gets to know of a tool. Frozen, because strategies may be anybody's code. */
export function describeTool(tool: Tool): ToolDescriptor {
  const published = tool.inputSchema?.properties as Record<string, unknown> | undefined;
  const shape = published ?? (tool.schema as { shape?: Record<string, unknown> }).shape ?? {};
  return Object.freeze({
    name: tool.name,
    description: tool.description,
    keywords: Object.freeze([...(tool.keywords ?? [])]),
    parameters: Object.freeze(Object.keys(shape)),
  });
}
