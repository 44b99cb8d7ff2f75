import type { Coordinators } from '../core/coordinator.js';
import type { Decision } from '../core/decision.js';
import type { ToolCall } from '../core/message.js';
import type { Tool } from '../core/tool.js';

export interface Borrowing {
  readonly coordinators: Pick<Coordinators, 'checkpoint' | 'mode' | 'permission' | 'tool'>;
  readonly parentId: string;
  /** The parent's turn, which the changes of files belong to. */
  readonly parentTurnId: string;
  readonly tools: readonly Tool[];
  /** Names it where the user is asked. */
  readonly who: string;
}

/** A call of a subagent as its parent is told of it: servers may give the same id to calls of both. */
export function toldCall(call: ToolCall, sessionId: string): ToolCall {
  return { ...call, id: `${sessionId}/${call.id}` };
}

type Borrowed = Pick<Coordinators, 'checkpoint' | 'mode' | 'permission' | 'tool' | 'toolSelection'>;

/**
 * What a subagent decides with: permission, mode and checkpoints are the parent's, asked in its name, so that a subagent may
 * never do more than its parent and everything it changes is the parent's change.
 */
export function borrowedCoordinators({
  coordinators,
  parentId,
  parentTurnId,
  tools,
  who,
}: Borrowing): Borrowed {
  const { checkpoint, mode, permission, tool } = coordinators;
  const names = new Set(tools.map(({ name }) => name));
  return {
    checkpoint: {
      save: (call) => checkpoint.save(call, { id: parentTurnId, sessionId: parentId }),
      seal: (ids, written) => checkpoint.seal(ids, written),
      ...(checkpoint.discard ? { discard: (ids) => checkpoint.discard!(ids) } : {}),
      list: () => checkpoint.list(parentId),
      restore: (id) => checkpoint.restore(id),
    },
    mode: {
      current: () => mode.current(parentId),
      set: (next) => mode.set(next, parentId),
      allows: (one) => mode.allows(one, parentId),
    },
    permission: {
      decide: (call) => permission.decide(call, parentId),
      ...(permission.hides ? { hides: (path) => permission.hides!(path, parentId) } : {}),
      ask: (call, decision, sessionId, signal, behind) => {
        const asked: Decision = { ...decision, reason: `${who} asks. ${decision.reason}` };
        const others = behind?.map((one) => toldCall(one, sessionId));
        return permission.ask(toldCall(call, sessionId), asked, parentId, signal, others);
      },
    },
    tool: {
      list: () => tools,
      definitions: () => tool.definitions(parentId).filter(({ name }) => names.has(name)),
      async execute(call, sessionId, signal, leadsTo) {
        if (names.has(call.name)) return tool.execute(call, sessionId, signal, leadsTo);
        const content = `There is no tool "${call.name}". Tools: ${[...names].join(', ')}.`;
        return { content, isError: true, unknownTool: true };
      },
      ...(tool.preview
        ? { preview: (call, sessionId, signal, leadsTo) => tool.preview!(call, sessionId, signal, leadsTo) }
        : {}),
    },
    toolSelection: {
      select: async () => ({
        ...{ offered: tools.map(({ name }) => name), strategy: 'subagent', scores: [], epoch: 0 },
        reason: 'A subagent is offered all that its type may have.',
      }),
    },
  };
}
