import type { Configurable, ToolCoordinator } from '../core/coordinator.js';
import type { RunningTurns } from '../core/live-options.js';
import type { Tool } from '../core/tool.js';
import type { ToolServers } from '../core/tool-servers.js';

export interface FollowServersOptions {
  /** One that takes no new options goes on with the tools it has. */
  readonly tool: ToolCoordinator & Partial<Configurable<object>>;
  /** Turns that run keep their tools. */
  readonly running: RunningTurns;
  readonly notice: (text: string) => void;
}

/** Offers what servers bring from the next turn on, and tells what they have to say. */
export function followToolServers(
  servers: ToolServers,
  { tool, running, notice }: FollowServersOptions,
): void {
  let known: readonly Tool[] = [];
  servers.onNotice = notice;
  servers.onChange = () => {
    const serverTools = servers.tools();
    if (serverTools.length === known.length && serverTools.every((one, index) => one === known[index]))
      return;
    known = serverTools;
    tool.configure?.({ serverTools }, running);
  };
}
