import { isDeepStrictEqual } from 'node:util';
import type { PermissionCoordinator } from '../core/coordinator.js';
import type { Decision } from '../core/decision.js';
import type { ToolCall } from '../core/message.js';

/** More calls than this are not asked about in one question: nobody would read them. */
const mostTogether = 20;

/** The calls of one message that may be answered together, and those that were. */
export class AskedTogether {
  readonly #calls: readonly ToolCall[];
  readonly #allowed = new Map<ToolCall, Decision>();

  /** `calls`: all of the message, in order. */
  constructor(calls: readonly ToolCall[]) {
    this.#calls = calls;
  }

  /** The calls behind this one that the user would be asked about next, of the same tool and for the same reason. */
  async behind(
    call: ToolCall,
    decision: Decision,
    permission: Pick<PermissionCoordinator, 'decide'>,
    sessionId: string,
  ): Promise<ReadonlyMap<ToolCall, Decision>> {
    const found = new Map<ToolCall, Decision>();
    if (decision.plan !== undefined || decision.question || decision.onlyOnce) return found;
    for (const next of this.#calls.slice(this.#calls.indexOf(call) + 1)) {
      if (next.name !== call.name || found.size + 1 >= mostTogether) continue;
      const decided = await permission.decide(next, sessionId);
      if (isSameQuestion(decided, decision)) found.set(next, decided);
    }
    return found;
  }

  allow(calls: ReadonlyMap<ToolCall, Decision>): void {
    for (const [call, decision] of calls) this.#allowed.set(call, decision);
  }

  /** Whether the user has allowed this call already, and it still is what they were shown: decided alike, leading to the same place. */
  covers(call: ToolCall, decision: Decision): boolean {
    const before = this.#allowed.get(call);
    return (
      before !== undefined &&
      isSameQuestion(decision, before) &&
      isDeepStrictEqual(decision.leadsTo, before.leadsTo)
    );
  }
}

function isSameQuestion(one: Decision, other: Decision): boolean {
  return one.verdict === 'ask' && one.reason === other.reason && !one.onlyOnce && one.plan === undefined;
}
