import type { ToolCall } from './message.js';
import type { Tool } from './tool.js';

/**
 * The paths a call touches as the model wrote them; none when its input is not valid, because then nothing runs.
 * `undefined` when the tool, which may be the user's, does not answer properly: nobody knows then what it touches.
 */
export function toolPaths(tool: Tool, call: ToolCall): readonly string[] | undefined {
  if (!tool.paths) return [];
  try {
    const parsed = tool.schema.safeParse(call.input);
    if (!parsed.success) return [];
    const paths = tool.paths(parsed.data);
    return Array.isArray(paths) && paths.every((path) => typeof path === 'string') ? paths : undefined;
  } catch {
    return undefined;
  }
}

/** The text that a call hands to bash; `undefined` when it does no such thing, or its input is not valid. */
export function shellCommandOf(tool: Tool, call: ToolCall): string | undefined {
  if (!tool.shellCommand) return undefined;
  try {
    const parsed = tool.schema.safeParse(call.input);
    const command = parsed.success ? tool.shellCommand(parsed.data) : undefined;
    return typeof command === 'string' ? command : undefined;
  } catch {
    return undefined;
  }
}
