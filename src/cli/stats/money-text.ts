import { dollars } from '../../ui/displayable.js';
import type { UsageSum } from './group-usage.js';

/** A sum that leaves calls out because nobody knows their price is a lower bound, and says so; it is never a zero. */
export function moneyText({ costUsd, unpricedCalls }: Pick<UsageSum, 'costUsd' | 'unpricedCalls'>): string {
  if (costUsd === null) return unpricedCalls > 0 ? 'unknown' : dollars(0);
  return `${unpricedCalls > 0 ? '≥ ' : ''}${dollars(costUsd)}`;
}

/** `850 ms`, `1.2 s`, `2 min 5 s`. */
export function timeText(milliseconds: number | null): string {
  if (milliseconds === null) return '';
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1_000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** `1 session`, `12 sessions`. */
function countText(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** `3 turns, 40 calls, $1.20`, and how many of the calls have no known cost. */
export function sumText(sum: UsageSum, sessions: number): string {
  const unknown =
    sum.unpricedCalls === 0 ? '' : `, ${sum.unpricedCalls} of ${sum.calls} calls without a known cost`;
  const counts = [countText(sessions, 'session'), countText(sum.turns, 'turn'), countText(sum.calls, 'call')];
  return `${counts.join(', ')}, ${moneyText(sum)}${unknown}`;
}
