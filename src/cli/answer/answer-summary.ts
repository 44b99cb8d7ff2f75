import { type ErrorData, errorData } from '../../core/errors.js';
import type { EventOf, TurnEndReason, VictorEvent } from '../../core/event.js';
import { addUsage, noUsage, type Usage } from '../../core/usage.js';

export interface Denial {
  readonly tool: string;
  readonly title: string;
  readonly reason: string;
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
  const denials: Denial[] = [];
  let usage = noUsage;
  let costUsd: number | null = 0;
  let providerCalls = 0;
  let lastTurn: EventOf<'turn-end'> | undefined;

  return {
    record(event) {
      if (event.type === 'turn-start') lastTurn = undefined;
      if (event.type === 'turn-end') lastTurn = event;
      if (event.type === 'tool-call') titles.set(event.call.id, event.title);
      if (event.type === 'request-end') {
        usage = addUsage(usage, event.usage);
        costUsd = costUsd === null || event.costUsd === null ? null : costUsd + event.costUsd;
        providerCalls++;
      }
      if (event.type === 'tool-result' && event.denied) {
        const title = titles.get(event.call.id) ?? event.call.name;
        denials.push({ tool: event.call.name, title, reason: event.result.content });
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
        reason: error === undefined ? lastTurn?.reason : undefined,
        error: error === undefined ? undefined : errorData(error),
        interrupted: stopped || (error === undefined && lastTurn?.reason === 'interrupted'),
      };
    },
  };
}
