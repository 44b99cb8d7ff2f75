import type { Decision } from '../../core/decision.js';
import { type ErrorData, errorData } from '../../core/errors.js';
import type { EventOf, TurnEndReason, VictorEvent } from '../../core/event.js';
import type { ToolCall } from '../../core/message.js';
import type { TurnLimit } from '../../core/turn-limit.js';
import { addUsage, noUsage, type Usage } from '../../core/usage.js';
import type { StepKind, StepStatus, WorkflowOutcome } from '../../core/workflow.js';
import type { JsonOutcome } from '../json-answer/ask-for-json.js';

/** A call that was refused. */
export interface Denial {
  readonly call: ToolCall;
  readonly title: string;
  /** What refused it; absent when no decision was told. */
  readonly decision: Decision | undefined;
  /** One sentence. */
  readonly reason: string;
  /** Whose call it was, where it was a subagent's. */
  readonly subagent?: string;
}

/** One turn of `ask`, or one step of a workflow. */
export interface StepSummary {
  /** The name, kind and end of a workflow's step. */
  readonly name?: string;
  readonly kind?: StepKind;
  readonly status?: StepStatus;
  readonly exitCode?: number | null;
  /** Why it was skipped, refused or failed. */
  readonly stepReason?: string;
  /** The prompt, command or question. */
  readonly text: string;
  readonly content: string;
  readonly usage: Usage;
  readonly costUsd: number | null;
  readonly providerCalls: number;
  readonly durationMs: number;
  /** `undefined` when it failed. */
  readonly reason: TurnEndReason | undefined;
}

/** What one run came to: one turn of `ask`, every turn of a workflow. */
export interface AnswerSummary {
  readonly content: string;
  readonly usage: Usage;
  /** US dollars; `null` when a price was unknown. */
  readonly costUsd: number | null;
  readonly providerCalls: number;
  readonly durationMs: number;
  readonly denials: readonly Denial[];
  /** How the workflow ended, if it is one that did. */
  readonly outcome: WorkflowOutcome | undefined;
  /** Every turn or step that started or was skipped, in order. */
  readonly steps: readonly StepSummary[];
  /** How the last turn ended; `undefined` when it failed. */
  readonly reason: TurnEndReason | undefined;
  /** The limit that ended it, if one did. */
  readonly limit: TurnLimit | undefined;
  readonly error: ErrorData | undefined;
  /** It was stopped from outside; the content is what was said until then. */
  readonly interrupted: boolean;
  /** What became of the JSON that was asked for, where it was and an answer came. */
  readonly json?: JsonOutcome | undefined;
}

export interface AnswerRecorder {
  record(event: VictorEvent): void;
  /** The sum so far, with the error that ended the run, if one did. `stopped`: a signal asked for the end. */
  summary(error: unknown, stopped: boolean): AnswerSummary;
}

export function answerRecorder(): AnswerRecorder {
  const startedAt = performance.now();
  const titles = new Map<string, string>();
  const decisions = new Map<string, EventOf<'tool-decision'>>();
  const denials: Denial[] = [];
  const steps: StepSummary[] = [];
  let usage = noUsage;
  let costUsd: number | null = 0;
  let providerCalls = 0;
  let lastTurn: EventOf<'turn-end'> | undefined;
  let outcome: WorkflowOutcome | undefined;

  return {
    record(event) {
      if (event.type === 'turn-start') {
        lastTurn = undefined;
        if (steps.at(-1)?.status !== 'started') steps.push(startedStep(event.text));
      }
      if (event.type === 'turn-end') {
        lastTurn = event;
        const { content, usage, costUsd, providerCalls, durationMs, reason } = event;
        const { reason: _, ...step } = steps.pop() ?? startedStep('');
        steps.push({ ...step, content, usage, costUsd, providerCalls, durationMs, reason });
      }
      if (event.type === 'workflow-step') tellStep(steps, event);
      if (event.type === 'workflow-end') outcome = event.outcome;
      if (event.type === 'tool-decision') decisions.set(event.call.id, event);
      if (event.type === 'tool-call') titles.set(event.call.id, event.title);
      if (event.type === 'request-end') {
        usage = addUsage(usage, event.usage);
        costUsd = costUsd === null || event.costUsd === null ? null : costUsd + event.costUsd;
        providerCalls++;
      }
      if (event.type === 'tool-result' && event.denied) {
        const { call, result } = event;
        const { decision, subagent } = decisions.get(call.id) ?? {};
        const title = titles.get(call.id) ?? call.name;
        const reason = decision?.reason ?? result.content;
        denials.push({ call, title, decision, reason, ...(subagent === undefined ? {} : { subagent }) });
      }
    },
    summary(error, stopped) {
      return {
        content: lastTurn?.content ?? '',
        usage,
        costUsd: providerCalls === 0 ? null : costUsd,
        providerCalls,
        durationMs: Math.round(performance.now() - startedAt),
        denials,
        outcome,
        steps,
        reason: error === undefined ? lastTurn?.reason : undefined,
        limit: error === undefined ? lastTurn?.limit : undefined,
        error: error === undefined ? undefined : errorData(error),
        interrupted: stopped || (error === undefined && (outcome ?? lastTurn?.reason) === 'interrupted'),
      };
    },
  };
}

/** A step that starts is a new one; its end goes to what its turn has told. */
function tellStep(steps: StepSummary[], event: EventOf<'workflow-step'>): void {
  const { name, kind, status, text = '', exitCode, reason, durationMs, output = '' } = event;
  const last = steps.at(-1);
  const goesOn = status !== 'started' && last?.name === name && last.status === 'started';
  if (goesOn) steps.pop();
  const step = goesOn ? last : { ...startedStep(text), name, kind };
  const told = {
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(reason === undefined ? {} : { stepReason: reason }),
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(step.content === '' ? { content: output } : {}),
  };
  steps.push({ ...step, status, ...told });
}

function startedStep(text: string): StepSummary {
  const nothing = { content: '', usage: noUsage, costUsd: null, providerCalls: 0, durationMs: 0 };
  return { text, ...nothing, reason: undefined };
}
