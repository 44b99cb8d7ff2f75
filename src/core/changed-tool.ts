import type { ServerTool } from './tool-servers.js';

/** What a tool that changed says of itself now, whole, in lines; none for one that is as it was approved. */
export function changedToolLines({ name, now }: ServerTool): readonly string[] {
  if (!now) return [];
  const { description, inputSchema } = now;
  const schema = inputSchema === undefined ? 'none that a model could get' : JSON.stringify(inputSchema);
  return [`${name} says now:`, ...description.split('\n').map((line) => `  ${line}`), `  input: ${schema}`];
}
