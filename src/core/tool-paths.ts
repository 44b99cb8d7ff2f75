import type { Question } from './decision.js';
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
  return textOf(tool, call, 'shellCommand');
}

/** The plan that a call hands over; `undefined` when it hands over none, or its input is not valid. */
export function planOf(tool: Tool, call: ToolCall): string | undefined {
  return textOf(tool, call, 'plan');
}

/**
 * The host that a call asks; `undefined` when it asks none, or its input is not valid. `''` when the tool does not answer
 * properly: nobody knows then which it is.
 */
export function hostAsked(tool: Tool, call: ToolCall): string | undefined {
  if (!tool.host) return undefined;
  try {
    const parsed = tool.schema.safeParse(call.input);
    if (!parsed.success) return undefined;
    const host = tool.host(parsed.data);
    return typeof host === 'string' ? host : '';
  } catch {
    return '';
  }
}

/** What a call asks the user; `undefined` when it asks nothing, or its input is not valid. */
export function questionOf(tool: Tool, call: ToolCall): Question | undefined {
  if (!tool.question) return undefined;
  try {
    const parsed = tool.schema.safeParse(call.input);
    const asked = parsed.success ? tool.question(parsed.data) : undefined;
    if (typeof asked?.text !== 'string' || !Array.isArray(asked.options)) return undefined;
    const options = asked.options.filter((option) => typeof option === 'string').slice(0, 9);
    return { text: asked.text, options };
  } catch {
    return undefined;
  }
}

function textOf(tool: Tool, call: ToolCall, member: 'shellCommand' | 'plan'): string | undefined {
  if (!tool[member]) return undefined;
  try {
    const parsed = tool.schema.safeParse(call.input);
    const text = parsed.success ? tool[member](parsed.data) : undefined;
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
