import type { Decision } from '../../core/decision.js';
import { type ErrorData, errorData } from '../../core/errors.js';
import type { EventOf, TurnEndReason, VictorEvent } from '../../core/event.js';
import type { ToolCall } from '../../core/message.js';
import { addUsage, noUsage, type Usage } from '../../core/usage.js';

/** A call that was refused. */
export interface Denial {
  readonly call: ToolCall;
  readonly title: string;
  /** What refused it; absent when no decision was told. */
  readonly decision: Decision | undefined;
  /** One sentence. */
  readonly reason: string;
}

/** One turn: what `ask` has one of, and a workflow one a step. */
export interface StepSummary {
  readonly prompt: string;
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
  /** Every turn that started, in order. */
  readonly steps: readonly StepSummary[];
  /** How the last turn ended; `undefined` when it failed. */
  readonly reason: TurnEndReason | undefined;
  readonly error: ErrorData | undefined;
  /** It was stopped from outside; the content is what was said until then. */
  readonly interrupted: boolean;
}

export interface AnswerRecorder {
  record(event: VictorEvent): void;
  /** The sum so far, with the error that ended the run, if one did. `stopped`: a signal asked for the end. */
  summary(error: unknown, stopped: boolean): AnswerSummary;
}

export function answerRecorder(): AnswerRecorder {
  const startedAt = performance.now();
  const titles = new Map<string, string>();
  const decisions = new Map<string, Decision>();
  const denials: Denial[] = [];
  const steps: StepSummary[] = [];
  let usage = noUsage;
  let costUsd: number | null = 0;
  let providerCalls = 0;
  let lastTurn: EventOf<'turn-end'> | undefined;

  return {
    record(event) {
      if (event.type === 'turn-start') {
        lastTurn = undefined;
        steps.push(startedStep(event.text));
      }
      if (event.type === 'turn-end') {
        lastTurn = event;
        const { content, usage, costUsd, providerCalls, durationMs, reason } = event;
        const prompt = steps.pop()?.prompt ?? '';
        steps.push({ prompt, content, usage, costUsd, providerCalls, durationMs, reason });
      }
      if (event.type === 'tool-decision') decisions.set(event.call.id, event.decision);
      if (event.type === 'tool-call') titles.set(event.call.id, event.title);
      if (event.type === 'request-end') {
        usage = addUsage(usage, event.usage);
        costUsd = costUsd === null || event.costUsd === null ? null : costUsd + event.costUsd;
        providerCalls++;
      }
      if (event.type === 'tool-result' && event.denied) {
        const { call, result } = event;
        const decision = decisions.get(call.id);
        const title = titles.get(call.id) ?? call.name;
        denials.push({ call, title, decision, reason: decision?.reason ?? result.content });
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
        steps,
        reason: error === undefined ? lastTurn?.reason : undefined,
        error: error === undefined ? undefined : errorData(error),
        interrupted: stopped || (error === undefined && lastTurn?.reason === 'interrupted'),
      };
    },
  };
}

function startedStep(prompt: string): StepSummary {
  const nothing = { content: '', usage: noUsage, costUsd: null, providerCalls: 0, durationMs: 0 };
  return { prompt, ...nothing, reason: undefined };
}
