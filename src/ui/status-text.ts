import type { Footer } from '../state.js';
import { cells } from './break-rows.js';
import { clip, dollars, oneLine, tokenCount } from './displayable.js';

/** The status line in at most `columns` cells: what matters least goes first when there is no room. */
export function statusText(footer: Footer, columns: number): string {
  const parts = [
    { text: footer.mode, keep: 6 },
    { text: oneLine([footer.provider, footer.model].filter((part) => part !== '').join('/')), keep: 5 },
    { text: oneLine(footer.sandbox), keep: 2 },
    { text: contextShare(footer), keep: 4 },
    { text: cost(footer), keep: 3 },
    { text: failing(footer), keep: 2 },
    { text: footer.sessionId === '' ? '' : `session ${oneLine(footer.sessionId).slice(0, 8)}`, keep: 1 },
  ].filter((part) => part.text !== '');
  for (let keep = 1; keep <= 6; keep += 1) {
    const text = parts
      .filter((part) => part.keep >= keep)
      .map((part) => part.text)
      .join(' · ');
    if (cells(text) <= columns) return text;
  }
  return clip(footer.mode, columns);
}

function contextShare({ contextTokens, contextWindow }: Footer): string {
  if (contextWindow <= 0) return contextTokens > 0 ? `${tokenCount(contextTokens)} tokens` : '';
  const share = Math.round((contextTokens / contextWindow) * 100);
  return `context ${share}% of ${tokenCount(contextWindow)}`;
}

function cost({ costUsd, unpriced }: Footer): string {
  if (costUsd === null) return unpriced ? 'cost unknown' : '';
  return `${unpriced ? '≥ ' : ''}${dollars(costUsd)}`;
}

function failing({ failingExtensions }: Footer): string {
  return failingExtensions.length === 0
    ? ''
    : `failing: ${oneLine(failingExtensions.map(({ name }) => name).join(', '))}`;
}
