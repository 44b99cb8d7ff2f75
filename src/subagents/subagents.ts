import type { ToolContext, ToolResult } from '../core/tool.js';
import { untilAborted } from '../core/until-aborted.js';
import type { TaskInput } from '../tools/task.js';
import type { AgentType } from './agent-type.js';
import type { SubagentHost } from './run-subagent.js';

/** Subagents of one session that work at the same time. */
const MOST_AT_ONCE = 4;

/**
 * Runs the subagents of every session: the tool is made before the orchestrator that they borrow everything from, which
 * attaches itself. What runs them is loaded with the first one.
 */
export class Subagents {
  #host: SubagentHost | undefined;
  readonly #running = new Map<string, number>();
  readonly #waiting = new Map<string, (() => void)[]>();

  attach(host: SubagentHost): void {
    this.#host = host;
  }

  async run(types: readonly AgentType[], input: TaskInput, context: ToolContext): Promise<ToolResult> {
    const host = this.#host;
    const { type: wanted = 'general' } = input;
    const type = types.find(({ name }) => name === wanted);
    if (!host || !type) {
      const names = types.map(({ name }) => name).join(', ');
      return { content: `There is no subagent of type "${wanted}". Types: ${names}.`, isError: true };
    }
    const { sessionId, signal } = context;
    // Under a budget one after the other: what one call may cost is what all calls before it have left.
    const most = host.turnOf(sessionId)?.budget ? 1 : MOST_AT_ONCE;
    const askedAt = performance.now();
    await this.#place(sessionId, most, signal);
    const waitedMs = performance.now() - askedAt;
    try {
      const { runSubagent } = await import('./run-subagent.js');
      return await runSubagent(type, input, context, host, waitedMs);
    } finally {
      this.#leave(sessionId);
    }
  }

  async #place(sessionId: string, most: number, signal: AbortSignal): Promise<void> {
    while ((this.#running.get(sessionId) ?? 0) >= most) {
      const free = new Promise<void>((resolve) => {
        this.#waiting.set(sessionId, [...(this.#waiting.get(sessionId) ?? []), resolve]);
      });
      await untilAborted(free, signal);
    }
    this.#running.set(sessionId, (this.#running.get(sessionId) ?? 0) + 1);
  }

  #leave(sessionId: string): void {
    const left = (this.#running.get(sessionId) ?? 1) - 1;
    if (left === 0) this.#running.delete(sessionId);
    else this.#running.set(sessionId, left);
    // All of them look again; who was aborted meanwhile does not take the place.
    const waiting = this.#waiting.get(sessionId) ?? [];
    this.#waiting.delete(sessionId);
    for (const resume of waiting) resume();
  }
}
