import type { ToolCall } from '../../core/message.js';
import type { Conversation } from './conversation.js';
import type { Subjects } from './subjects.js';
import type { Toolbox } from './toolbox.js';

/** What an offline turn does next: run tools, or answer and end. */
export type Step = { readonly calls: readonly Omit<ToolCall, 'id'>[] } | { readonly answer: string };

/** What every job may look at. A job is a pure function of it. */
export interface Work {
  readonly request: string;
  readonly subjects: Subjects;
  readonly rounds: Conversation['rounds'];
  readonly tools: Toolbox;
}

/** A plain account of calls that did not run, or `undefined` when at least one did. */
export function refusal(work: Work, round: number): string | undefined {
  const outcomes = work.rounds[round] ?? [];
  const first = outcomes[0];
  if (first === undefined || outcomes.some((outcome) => !outcome.failed)) return undefined;
  const names = [...new Set(outcomes.map((outcome) => outcome.call.name))].join(' and ');
  return `${names} did not run: ${first.content.trim() || 'no result came back.'}`;
}
