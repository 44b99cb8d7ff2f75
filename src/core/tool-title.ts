import type { ToolCall } from './message.js';
import type { Tool } from './tool.js';

/** A call in a few words, for people: what the tool says of it, or its raw input when that is not valid. */
export function toolTitle(tool: Tool | undefined, call: ToolCall): string {
  const parsed = tool?.schema.safeParse(call.input);
  if (tool && parsed?.success) return tool.describe(parsed.data);
  return call.invalidInput ?? JSON.stringify(call.input);
}
