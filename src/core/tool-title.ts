import type { ToolCall } from './message.js';
import type { Tool } from './tool.js';

/** A call in a few words, for people: what the tool says of it, or its raw input when that is not valid or the tool fails. */
export function toolTitle(tool: Tool | undefined, call: ToolCall): string {
  try {
    const parsed = tool?.schema.safeParse(call.input);
    const title = tool && parsed?.success ? tool.describe(parsed.data) : undefined;
    if (typeof title === 'string') return title;
  } catch {
    // A tool of the user's may throw; its call is shown as the model sent it.
  }
  return call.invalidInput ?? JSON.stringify(call.input);
}
