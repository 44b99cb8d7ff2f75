import { ToolServerError } from '../core/errors.js';
import { errorText } from './error-text.js';

export function notRunningError(name: string): ToolServerError {
  return new ToolServerError(name, `The MCP server ${name} does not run, so nobody knows its tools.`, {
    advice: `victor mcp test ${name} says why.`,
  });
}

export function goneError(name: string): ToolServerError {
  return new ToolServerError(name, `The MCP server ${name} is not in the settings any more.`);
}

export function changedError(name: string): ToolServerError {
  return new ToolServerError(
    name,
    `The MCP server ${name} is not started: what it runs has changed since you confirmed it.`,
    {
      advice:
        'victor trust shows and confirms it, and it counts from the next start of Victor; in a chat /reload does.',
    },
  );
}

/** One that was started and did not get as far as its tools; `gone` continues its name. */
export function unusableError(name: string, gone: string | undefined, cause: unknown): ToolServerError {
  const what = gone === undefined ? `cannot be used: ${errorText(cause)}` : `${gone}.`;
  return new ToolServerError(name, `The MCP server ${name} ${what}`, {
    advice: `victor mcp test ${name} tries it again.`,
    cause,
  });
}
