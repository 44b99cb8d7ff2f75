import type { ContextPart, ContextReport } from '../context-report.js';
import { bar } from './bar.js';
import { cells } from './break-rows.js';
import { clip, oneLine, tokenCount } from './displayable.js';

/** Parts of one group that are told one by one. */
const mostParts = 6;
const nameCells = 21;
const numberCells = 7;
const mostBarCells = 40;
/** A bar of fewer cells says nothing. */
const fewestBarCells = 5;

/** One line of what `/context` answers, before it is drawn. */
interface Entry {
  readonly name: string;
  readonly tokens: number;
  /** Counted, not estimated. */
  readonly exact?: true;
}

/** `45.2k of 200k tokens (23 %), as the provider counted the last request`. */
export function contextTitle(report: ContextReport): string {
  const { contextWindow, countedTokens } = report;
  const used = usedTokens(report);
  const size = `${countedTokens === undefined ? '~' : ''}${tokenCount(used)} of ${tokenCount(contextWindow)} tokens`;
  const from = countedTokens === undefined ? 'estimated' : 'as the provider counted the last request';
  return `Context: ${size} (${percent(used / contextWindow)}), ${from}`;
}

/** What fills the window as lines of at most `columns` cells: each part with its tokens, its share and a bar. */
export function contextLines(report: ContextReport, columns: number): string[] {
  const { contextWindow, prompt, volatile, tools, messages, messageCount, answerTokens } = report;
  // What several files say stands apart: it is what a user can change.
  const files = prompt.filter(({ name }) => name === 'project-files');
  const system = [...prompt.filter(({ name }) => name !== 'project-files'), ...volatile];
  const estimated = sum([...prompt, ...volatile, ...tools, ...messages]);
  const unexplained = (report.countedTokens ?? estimated) - estimated;
  const free = Math.max(0, contextWindow - usedTokens(report) - answerTokens);
  const entries: Entry[] = [
    { name: 'system prompt', tokens: sum(system) },
    ...parts(system),
    ...(files.length === 0 ? [] : [{ name: 'instruction files', tokens: sum(files) }]),
    { name: `tools (${tools.length})`, tokens: sum(tools) },
    ...parts(tools),
    { name: `messages (${messageCount})`, tokens: sum(messages) },
    ...parts(messages, false),
    ...(unexplained > 0 ? [{ name: 'beyond the estimate', tokens: unexplained, exact: true as const }] : []),
    { name: 'kept for the answer', tokens: answerTokens, exact: true },
    { name: 'free', tokens: free, ...(report.countedTokens === undefined ? {} : { exact: true as const }) },
  ];
  const draw = (entry: Entry) => entryLine(entry, contextWindow, columns);
  return [...entries.map(draw), '', ...outlookLines(report), ...estimateLines(report, estimated)];
}

/** What the next request would be made of: as the provider counted the last one, or estimated. */
export function usedTokens({ countedTokens, prompt, volatile, tools, messages }: ContextReport): number {
  return countedTokens ?? sum([...prompt, ...volatile, ...tools, ...messages]);
}

function sum(all: readonly { readonly tokens: number }[]): number {
  return all.reduce((before, { tokens }) => before + tokens, 0);
}

/** The largest parts of a group, or all of them as they come. */
function parts(all: readonly ContextPart[], bySize = true): Entry[] {
  if (all.length < 2) return [];
  const sorted = bySize ? [...all].sort((one, other) => other.tokens - one.tokens) : all;
  const shown = sorted.slice(0, all.length > mostParts ? mostParts - 1 : mostParts);
  const rest = sorted.slice(shown.length);
  const entry = ({ name, tokens, count }: ContextPart): Entry => ({
    name: `  ${oneLine(name)}${count === undefined ? '' : ` (${count})`}`,
    tokens,
  });
  return [
    ...shown.map(entry),
    ...(rest.length > 0 ? [{ name: `  ${rest.length} more`, tokens: sum(rest) }] : []),
  ];
}

function entryLine({ name, tokens, exact }: Entry, contextWindow: number, columns: number): string {
  const label = clip(name, nameCells);
  const padded = label + ' '.repeat(nameCells - cells(label));
  const number = `${exact ? '' : '~'}${tokenCount(tokens)}`.padStart(numberCells);
  const share = percent(tokens / contextWindow).padStart(numberCells);
  const start = `${padded}${number}${share}`;
  const room = Math.min(mostBarCells, columns - cells(start) - 2);
  return room < fewestBarCells ? start : `${start}  ${bar(tokens / contextWindow, room)}`.trimEnd();
}

function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.05) return '<0.1 %';
  return `${value > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} %`;
}

/** What compaction would do next, in words. */
function outlookLines({ outlook, messageCount, contextWindow }: ContextReport): string[] {
  if (!outlook) return ['Next: your own coordinator decides when the context is made smaller.'];
  const { strategy, automatic, tokens, compactsAtTokens, now } = outlook;
  const left = Math.max(0, compactsAtTokens - tokens);
  const when =
    left === 0
      ? 'with the next request'
      : `when the messages pass ~${tokenCount(compactsAtTokens)} tokens, ~${tokenCount(left)} from now`;
  const next = automatic
    ? `Next: ${strategy} compacts ${when}.`
    : `Next: nothing is compacted by itself (${strategy}); a window of ${tokenCount(contextWindow)} tokens may overflow.`;
  return [next, ...nowLine(now, messageCount, tokens)];
}

function nowLine(
  now: { readonly messages: number; readonly tokens: number } | undefined,
  messageCount: number,
  tokens: number,
): string[] {
  if (!now) return ['/compact would ask the model for a summary now.'];
  if (now.messages >= messageCount && now.tokens >= tokens) return ['/compact would change nothing now.'];
  return [
    `/compact would keep ${now.messages} of ${messageCount} messages now, ~${tokenCount(now.tokens)} tokens.`,
  ];
}

function estimateLines({ countedTokens }: ContextReport, estimated: number): string[] {
  if (countedTokens !== undefined && estimated > countedTokens)
    return [
      `The parts are estimated (~), ${tokenCount(estimated - countedTokens)} more than the provider counted.`,
    ];
  return ['What has a ~ is estimated: four characters a token.'];
}
