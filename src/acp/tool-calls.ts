import { resolve } from 'node:path';
import type { ToolCallContent, ToolCallLocation, ToolKind } from '@agentclientprotocol/sdk';
import type { ToolCall } from '../core/message.js';
import type { FileChange, Tool } from '../core/tool.js';
import { toolPaths } from '../core/tool-paths.js';

const kinds: Readonly<Record<string, ToolKind>> = {
  Glob: 'search',
  Grep: 'search',
  FindTools: 'search',
  Plan: 'switch_mode',
  TodoWrite: 'think',
  WebFetch: 'fetch',
  AskUser: 'other',
};

const MOST_LOCATIONS = 50;
const LONGEST_INPUT = 20_000;

/** What an editor draws a call as. */
export function toolKind(name: string, tool: Tool | undefined): ToolKind {
  if (Object.hasOwn(kinds, name)) return kinds[name]!;
  // A tool of another program may do anything, whatever it says of itself.
  return tool === undefined || tool.identity !== undefined ? 'other' : tool.kind;
}

/** The files that a call touches, absolute, so that the editor can follow. */
export function locationsOf(call: ToolCall, tool: Tool | undefined, cwd: string): ToolCallLocation[] {
  const { offset } = call.input;
  const line = Number.isSafeInteger(offset) ? { line: offset as number } : {};
  return (tool ? (toolPaths(tool, call) ?? []) : [])
    .filter((path) => !path.includes('\0'))
    .slice(0, MOST_LOCATIONS)
    .map((path) => ({ path: resolve(cwd, path), ...line }));
}

/** Text as it is: an editor reads what it shows as Markdown. */
export function fenced(text: string): ToolCallContent {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return markdown(`${fence}\n${text.replace(/\n$/, '')}\n${fence}`);
}

export function markdown(text: string): ToolCallContent {
  return { type: 'content', content: { type: 'text', text } };
}

/** Every file that a change is about. */
export function diffsOf(change: FileChange, cwd: string, clean: (text: string) => string): ToolCallContent[] {
  return [change, ...(change.also ?? [])].map(({ path, before, after }) => {
    const oldText = before === null ? null : clean(before);
    return { type: 'diff', path: resolve(cwd, path), oldText, newText: clean(after) };
  });
}

/** The input as the model gave it, every text of it made safe to show; absent where it is huge. */
export function rawInputOf({ input, invalidInput }: ToolCall, clean: (text: string) => string): unknown {
  const whole = invalidInput ?? input;
  const json = JSON.stringify(whole, (_, value: unknown) =>
    typeof value === 'string' ? clean(value) : value,
  );
  return json === undefined || json.length > LONGEST_INPUT ? undefined : JSON.parse(json);
}

const LONGEST_TITLE = 200;

/** One line for a call; `title` is what its tool says of it. */
export function titleOf({ name }: ToolCall, title: string): string {
  const line = `${name} ${title}`.trim().replaceAll(/\s*\n\s*/g, ' ⏎ ');
  return line.length > LONGEST_TITLE ? `${line.slice(0, LONGEST_TITLE)}…` : line;
}

/** All that a call says: what its tool says of it, where that is all there is, else its input too. */
export function wholeOf({ input, invalidInput }: ToolCall, title: string): string {
  const texts = Object.values(input);
  const isAll = texts.length === 1 && texts[0] === title;
  return isAll ? title : `${title}\n${invalidInput ?? JSON.stringify(input, undefined, 2)}`;
}
