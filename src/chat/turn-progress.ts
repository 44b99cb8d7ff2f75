import type { CallBudget } from '../core/budget.js';
import type { Turn } from '../core/coordinator.js';
import type { Message } from '../core/message.js';
import { noUsage, type Usage } from '../core/usage.js';
import { LoopGuard } from './loop-guard.js';

/** What one turn has come to so far. */
export interface Progress {
  readonly turn: Turn;
  /** Aborted by the user, the host, or the turn's own limit of time. */
  readonly signal: AbortSignal;
  readonly startedAt: number;
  readonly added: Message[];
  readonly guard: LoopGuard;
  providerCalls: number;
  toolCalls: number;
  usage: Usage;
  /** `null` once a call had no known price. */
  costUsd: number | null;
  content: string;
  /** Of the answer that is coming, over every request it takes. */
  streamed: string;
  /** Some text of the present request came. */
  heard: boolean;
  toolsRan: boolean;
  /** Who was asked last, whoever is chosen since. */
  answering?: { readonly provider: string; readonly model: string };
  /** A budget that a whole answer of unknown cost came under. */
  unkept?: CallBudget | undefined;
}

export function startProgress(turn: Turn, signal: AbortSignal): Progress {
  return {
    turn,
    signal,
    startedAt: performance.now(),
    added: [],
    guard: new LoopGuard(),
    providerCalls: 0,
    toolCalls: 0,
    usage: noUsage,
    costUsd: 0,
    content: '',
    streamed: '',
    heard: false,
    toolsRan: false,
  };
}
