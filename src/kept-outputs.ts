import { allChanges } from './core/all-changes.js';
import type { FileChange } from './core/tool.js';

/** What is folded into one line on the screen and can be shown in full. */
export interface KeptOutput {
  /** Counted from 1 over the whole chat. */
  readonly number: number;
  readonly kind: 'tool' | 'thinking';
  readonly title: string;
  readonly text: string;
  /** What an edit changed, shown in place of its text. */
  readonly change?: FileChange;
}

export interface KeptOutputs {
  readonly next: number;
  /** Oldest first. */
  readonly all: readonly KeptOutput[];
}

export const noOutputs: KeptOutputs = { next: 1, all: [] };

const mostOutputs = 50;
/** Characters of all of them; the oldest go first. */
const mostCharacters = 1_000_000;

/** Keeps one more, under the number `next`; a change that is too large for all of the room goes without. */
export function keepOutput(kept: KeptOutputs, output: Omit<KeptOutput, 'number'>): KeptOutputs {
  const { change, ...plain } = output;
  const whole = { ...output, number: kept.next };
  const last = sizeOf(whole) > mostCharacters ? { ...plain, number: kept.next } : whole;
  const all = [...kept.all, last].slice(-mostOutputs);
  let size = all.reduce((sum, one) => sum + sizeOf(one), 0);
  let first = 0;
  for (; first < all.length - 1 && size > mostCharacters; first += 1) size -= sizeOf(all[first]!);
  return { next: kept.next + 1, all: all.slice(first) };
}

function sizeOf({ text, change }: KeptOutput): number {
  const changes = change ? allChanges(change) : [];
  return changes.reduce((sum, { before, after }) => sum + (before?.length ?? 0) + after.length, text.length);
}
