import type { Coordinators, ToolCoordinator } from '../core/coordinator.js';
import { parentSessionId } from '../core/subagent-session.js';
import type { ToolResult } from '../core/tool.js';
import { contextBlock } from './context-block.js';
import type { HookRunner } from './hook-runner.js';
import type { HookedTurns } from './hooked-turns.js';
import { overriding } from './overriding.js';

interface With {
  readonly runner: HookRunner;
  readonly turns: HookedTurns;
  readonly others: Pick<Coordinators, 'mode'>;
}

/** Tells hooks of each call that has run; what they say stands below its result, for the model. */
export function hookedTool(tool: ToolCoordinator, { runner, turns, others }: With): ToolCoordinator {
  return overriding(tool, {
    async execute(call, sessionId, signal, leadsTo) {
      const result = await tool.execute(call, sessionId, signal, leadsTo);
      const turn = turns.ran(sessionId, call.id);
      if (!turn || signal.aborted || turn.aborted) return result;
      const { name, input, id } = call;
      const owner = parentSessionId(sessionId);
      const mode = others.mode.current(owner);
      const facts = {
        permission_mode: mode,
        tool_name: name,
        tool_input: input,
        tool_use_id: id,
        ...responseOf(result),
      };
      const { blocks, contexts, stops } = await runner.run(
        { hook: 'PostToolUse', sessionId: owner, about: name, facts, tool: name },
        turn,
      );
      if (stops !== undefined) turns.halt(sessionId, stops);
      return withSaid(result, [blocks, ...contexts, stops]);
    },
  });
}

function responseOf({ content, isError = false }: ToolResult) {
  return { tool_response: { content, is_error: isError } };
}

/** Whether the call came to the same again is about what it came to itself. */
function withSaid(result: ToolResult, said: readonly (string | undefined)[]): ToolResult {
  const blocks = said.flatMap((text) => (text === undefined ? [] : contextBlock('PostToolUse', text)));
  if (blocks.length === 0) return result;
  const { content, outcome = content } = result;
  return { ...result, content: [content, ...blocks].join('\n\n'), outcome };
}
