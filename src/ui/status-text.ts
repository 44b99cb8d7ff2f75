import type { Footer } from '../state.js';
import { cells } from './break-rows.js';
import { clip, dollars, oneLine, tokenCount } from './displayable.js';

const mostBranchCells = 24;

/** The status line in at most `columns` cells: what matters least goes first when there is no room. */
export function statusText(footer: Footer, columns: number): string {
  // Whoever writes their own line still sees what runs without asking.
  if (footer.custom !== '') return clip(`${footer.mode} · ${oneLine(footer.custom)}`, columns);
  const model = [footer.provider, footer.model].filter((part) => part !== '').join('/');
  let parts = [
    { text: footer.mode, keep: 12 },
    { text: oneLine(model), keep: 11, short: oneLine(footer.model) },
    // What commands may do goes before what they cost only where it is as it should be.
    { text: oneLine(footer.sandbox), keep: footer.sandbox === 'sandbox' ? 3 : 10 },
    { text: oneLine(footer.trust), keep: footer.trust === 'untrusted' ? 8 : 2 },
    { text: contextShare(footer), keep: 9 },
    { text: tasks(footer), keep: 8 },
    { text: cost(footer), keep: 7 },
    { text: today(footer), keep: 4 },
    { text: clip(oneLine(footer.branch), mostBranchCells), keep: 5 },
    { text: failing(footer), keep: 6 },
    { text: footer.sessionId === '' ? '' : `session ${oneLine(footer.sessionId).slice(0, 8)}`, keep: 1 },
  ].filter((part) => part.text !== '');
  while (parts.length > 1 && cells(joined(parts)) > columns) {
    const least = Math.min(...parts.map(({ keep }) => keep));
    const last = parts.find(({ keep }) => keep === least)!;
    // Who answers is known by the model alone.
    const { short = '' } = last;
    const shorter = short !== '' && short !== last.text ? [{ text: short, keep: last.keep }] : [];
    parts = parts.flatMap((part) => (part === last ? shorter : [part]));
  }
  return clip(joined(parts), columns);
}

function joined(parts: readonly { readonly text: string }[]): string {
  return parts.map(({ text }) => text).join(' · ');
}

function contextShare({ contextTokens, contextWindow }: Footer): string {
  if (contextWindow <= 0) return contextTokens > 0 ? `${tokenCount(contextTokens)} tokens` : '';
  const share = Math.round((contextTokens / contextWindow) * 100);
  const used = contextTokens > 0 ? `${tokenCount(contextTokens)}, ` : '';
  return `context ${used}${share}% of ${tokenCount(contextWindow)}`;
}

function tasks({ tasks }: Footer): string {
  return tasks === 0 ? '' : `${tasks} ${tasks === 1 ? 'task' : 'tasks'}`;
}

function cost({ costUsd, unpriced }: Pick<Footer, 'costUsd' | 'unpriced'>): string {
  if (costUsd === null) return unpriced ? 'cost unknown' : '';
  return `${unpriced ? '≥ ' : ''}${dollars(costUsd)}`;
}

/** Nothing where it would say what the cost of the session says. */
function today(footer: Footer): string {
  if (!footer.today || (footer.today.costUsd === 0 && !footer.today.unpriced)) return '';
  const { costUsd, unpriced } = footer.today;
  const known = costUsd === 0 ? null : costUsd;
  const sum = cost({ costUsd: known, unpriced });
  return sum === cost(footer) ? '' : `today ${known === null ? 'unknown' : sum}`;
}

function failing({ failingExtensions }: Footer): string {
  return failingExtensions.length === 0
    ? ''
    : `failing: ${oneLine(failingExtensions.map(({ name }) => name).join(', '))}`;
}
