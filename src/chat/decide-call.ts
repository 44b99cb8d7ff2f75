import type { Coordinators, Turn } from '../core/coordinator.js';
import type { Decision } from '../core/decision.js';
import type { VictorEvent } from '../core/event.js';
import type { ToolCall } from '../core/message.js';
import type { Tool, ToolResult } from '../core/tool.js';
import { toolTitle } from '../core/tool-title.js';
import type { TurnLimit } from '../core/turn-limit.js';
import type { AskedTogether } from './asked-together.js';
import type { LoopGuard, Repetition } from './loop-guard.js';
import { planAnswer } from './plan-answer.js';
import { questionAnswer } from './question-answer.js';
import { repetitionReason, shortCall } from './repetition-text.js';
import { event } from './turn-event.js';

export interface DeciderOptions {
  readonly turn: Pick<Turn, 'id' | 'sessionId'>;
  readonly signal: AbortSignal;
  readonly guard: LoopGuard;
  readonly together: AskedTogether;
  readonly coordinators: Pick<Coordinators, 'tool' | 'permission' | 'mode'>;
}

export interface Decided {
  readonly allowed: boolean;
  readonly reason: string;
  readonly leadsTo?: Decision['leadsTo'];
  /** What it runs with in place of what the model wrote. */
  readonly input?: Decision['input'];
  /** What the user wants instead. */
  readonly feedback?: string;
  /** The call's answer without running it: it would change nothing, or it is the user's answer to a plan. */
  readonly answer?: ToolResult;
  /** It would go on with a loop, and nobody lets it: the turn ends before it. */
  readonly limit?: TurnLimit;
}

/** Whether one call runs: what permission says, and where that is to ask or the call goes on with a loop, what the user says. */
export async function* decideCall(
  call: ToolCall,
  tool: Tool | undefined,
  options: DeciderOptions,
): AsyncGenerator<VictorEvent, Decided> {
  const { turn, guard, together } = options;
  const { permission } = options.coordinators;
  const title = toolTitle(tool, call);
  yield event(turn, { type: 'tool-call', call, title });
  const whole: Decision = await permission.decide(call, turn.sessionId);
  const { leadsTo, ...decision } = whole;
  yield event(turn, { type: 'tool-decision', call, decision });
  const { input, verdict, reason, readable } = decision;
  // What is asked about is what would run.
  const asked = input ? { ...call, input } : call;
  const shown = input ? toolTitle(tool, asked) : title;
  const how = { leadsTo, ...(input ? { input } : {}) };
  // A plan and a question are asked about each time anyway.
  const repetition = decision.plan === undefined && !decision.question ? guard.before(call) : undefined;
  if (repetition) return { ...(yield* askToGoOn(asked, shown, decision, repetition, options)), ...how };
  if (verdict !== 'ask') return { allowed: verdict === 'allow', reason, ...how };

  if (!input && together.covers(call, whole)) return { allowed: true, reason, leadsTo };
  const preview = readable ? await previewOf(asked, options, leadsTo) : undefined;
  if (preview && !preview.change) return { allowed: false, reason, answer: preview };
  const change = preview?.change ? { change: preview.change } : {};
  yield event(turn, { type: 'approval-request', call: asked, title: shown, decision, ...change });
  const behind = input
    ? new Map<ToolCall, Decision>()
    : await together.behind(call, decision, permission, turn.sessionId);
  const approval = await permission.ask(asked, decision, turn.sessionId, options.signal, [...behind.keys()]);
  const { allowed, feedback } = approval;
  if (allowed && approval.together) together.allow(behind);
  const decided = { allowed, reason, ...how, ...(feedback ? { feedback } : {}) };
  if (decision.question) return { ...decided, answer: questionAnswer(approval) };
  if (decision.plan === undefined) return decided;
  const { sessionId, id: turnId } = turn;
  const answer = yield* planAnswer({ approval, sessionId, turnId, mode: options.coordinators.mode });
  return answer ? { ...decided, answer } : decided;
}

/**
 * One question for both: whether the loop may go on, and whether the call may run where that would be asked anyway. What
 * is denied stays denied. A plain no ends the turn, because another refusal is one more result for the model to go round
 * with; words of the user are something new, so it goes on with them.
 */
async function* askToGoOn(
  call: ToolCall,
  title: string,
  decided: Decision,
  repetition: Repetition,
  { turn, signal, guard, coordinators }: DeciderOptions,
): AsyncGenerator<VictorEvent, Decided> {
  const said = repetitionReason(repetition);
  const reason = decided.verdict === 'allow' ? said : `${said} ${decided.reason}`;
  const decision: Decision = { verdict: 'ask', reason, onlyOnce: true };
  yield event(turn, { type: 'approval-request', call, title, decision });
  const approval = await coordinators.permission.ask(call, decision, turn.sessionId, signal);
  if (approval.allowed || approval.feedback) guard.reset();
  if (approval.allowed) return { allowed: decided.verdict !== 'deny', reason: decided.reason };
  if (approval.feedback) return { allowed: false, reason, feedback: approval.feedback };
  const limit = { name: 'repeated-call', value: repetition.times, call: shortCall(call, title) } as const;
  return { allowed: false, reason, limit };
}

/** A preview that fails is none: the user is asked as for a call that nobody can look into. */
async function previewOf(
  call: ToolCall,
  { turn, signal, coordinators }: DeciderOptions,
  leadsTo: Decision['leadsTo'],
): Promise<ToolResult | undefined> {
  return coordinators.tool.preview?.(call, turn.sessionId, signal, leadsTo).catch(() => undefined);
}
