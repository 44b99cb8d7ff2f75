import type { Coordinators, PermissionCoordinator } from '../core/coordinator.js';
import type { Decision } from '../core/decision.js';
import type { ToolCall } from '../core/message.js';
import type { HookRunner, Occasion } from './hook-runner.js';
import type { HookSay, HookVerdict } from './hook-say.js';
import type { HookedTurns } from './hooked-turns.js';
import { overriding } from './overriding.js';

interface With {
  readonly runner: HookRunner;
  readonly turns: HookedTurns;
  readonly others: Pick<Coordinators, 'mode' | 'tool'>;
  /** Somebody can be asked, so that there is something to tell of it. */
  readonly canAsk: boolean;
  /** Runs beside the turn, until this signal at the latest. */
  readonly beside: (run: (signal: AbortSignal) => Promise<unknown>) => void;
}

/**
 * Asks hooks about each call that is not refused anyway, and tells them when the user is asked. They may refuse it, have it asked
 * about, or answer for the user what the mode alone asks; rules, protected paths and secrets stand above them.
 */
export function hookedPermission(
  permission: PermissionCoordinator,
  { runner, turns, others, canAsk, beside }: With,
): PermissionCoordinator {
  /** Whether it is the mode that asks, and nothing stricter. */
  const isModesQuestion = (decision: Decision, name: string, sessionId: string): boolean => {
    const { verdict, reason, leadsTo, readable, ...more } = decision;
    const tool = others.tool.list(sessionId).find((one) => one.name === name);
    if (verdict !== 'ask' || !tool || Object.values(more).some((value) => value !== undefined)) return false;
    return others.mode.allows({ name, kind: tool.kind }, sessionId).reason === reason;
  };
  /** Which verdicts of a hook would change something. */
  const changing = (decision: Decision, name: string, sessionId: string): readonly HookVerdict[] => [
    'deny',
    ...(decision.verdict === 'allow' ? (['ask'] as const) : []),
    ...(isModesQuestion(decision, name, sessionId) ? (['allow'] as const) : []),
  ];
  const occasionOf = ({ name, input, id }: ToolCall, decision: Decision, sessionId: string): Occasion => {
    const mode = others.mode.current(sessionId);
    const facts = { permission_mode: mode, tool_name: name, tool_input: input, tool_use_id: id };
    const about = { hook: 'PreToolUse', sessionId, about: name, facts, tool: name } as const;
    return { ...about, changing: changing(decision, name, sessionId) };
  };
  /** The decision with what hooks say of it, as far as that counts. */
  const heard = (
    decision: Decision,
    { permission: said }: HookSay,
    { name }: ToolCall,
    sessionId: string,
  ): Decision => {
    if (!said || !changing(decision, name, sessionId).includes(said.verdict)) return decision;
    if (said.verdict === 'allow')
      return { ...decision, verdict: 'allow', reason: `A hook allows it: ${said.reason}` };
    const { leadsTo } = decision;
    const reason = `A hook asks before it: ${said.reason}`;
    // It would ask the next time, too, whatever the user said for longer.
    return { verdict: 'ask', reason, cause: 'hook', onlyOnce: true, ...(leadsTo ? { leadsTo } : {}) };
  };
  return overriding(permission, {
    async decide(call, sessionId) {
      const decision = await permission.decide(call, sessionId);
      const signal = turns.decides(sessionId, call.id);
      if (!signal || decision.verdict === 'deny' || !runner.has('PreToolUse')) return decision;
      const say = await runner.run(occasionOf(call, decision, sessionId), signal);
      const { stops, blocks, input } = say;
      if (stops !== undefined) turns.halt(sessionId, stops);
      const refusal =
        stops ?? blocks ?? (say.permission?.verdict === 'deny' ? say.permission.reason : undefined);
      if (refusal !== undefined) return refused(`A hook refuses it: ${refusal}`);
      if (!input || decision.plan !== undefined) return heard(decision, say, call, sessionId);
      // Another input is another call, decided about as if the model had written it.
      const changed = { ...call, input };
      const anew = await permission.decide(changed, sessionId);
      if (anew.verdict === 'deny') return refused(`A hook changed its input, and then: ${anew.reason}`);
      if (anew.plan !== undefined) return refused('A hook changed its input to a plan, which it may not.');
      return { ...heard(anew, say, changed, sessionId), input };
    },
    async ask(call, decision, sessionId, signal, behind) {
      if (canAsk && runner.has('Notification')) {
        const message = `Victor needs your permission to use ${call.name}`;
        const type = 'permission_prompt';
        const facts = { message, notification_type: type, tool_name: call.name };
        const occasion = { hook: 'Notification', sessionId, about: type, facts, tool: call.name } as const;
        beside((ending) => runner.run(occasion, AbortSignal.any([signal, ending])));
      }
      return permission.ask(call, decision, sessionId, signal, behind);
    },
  });
}

function refused(reason: string): Decision {
  return { verdict: 'deny', reason, cause: 'hook' };
}
