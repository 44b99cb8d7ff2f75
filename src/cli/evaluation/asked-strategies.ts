import { anchorPaths, entryName } from '../../config/entries.js';
import type { Entry } from '../../config/schema.js';

/** A strategy as somebody asked for it, whatever it calls itself. */
export interface AskedStrategy {
  /** A built-in's name, a path or a package. */
  readonly entry: string;
  /** It is the one that the settings name. */
  readonly inForce: boolean;
  /** It does not come along: a file or a package. */
  readonly foreign: boolean;
}

/** The strategies that are asked for, each once, with relative paths from `cwd`; `builtIns` has a key for each that comes along. */
export function askedStrategies(
  entries: readonly string[],
  configured: Entry,
  builtIns: object,
  cwd: string,
): readonly AskedStrategy[] {
  const anchored = (entry: string) =>
    entryName(anchorPaths({ compaction: { strategy: entry } }, cwd).compaction!.strategy!);
  const inForce = entryName(configured);
  const distinct = new Map<string, AskedStrategy>();
  for (const entry of entries) {
    const name = anchored(entry);
    if (distinct.has(name)) continue;
    distinct.set(name, { entry, inForce: name === inForce, foreign: !Object.hasOwn(builtIns, name) });
  }
  return [...distinct.values()];
}

/**
 * Scores, in the order of the strategies and over again with each case, under names that tell them apart: a name that
 * several strategies give themselves gives way to what they were asked for by.
 */
export function underAskedNames<Score extends { readonly strategy: string; readonly configured: boolean }>(
  scores: readonly Score[],
  asked: readonly AskedStrategy[],
): readonly Score[] {
  const names = scores.slice(0, asked.length).map(({ strategy }) => strategy);
  return scores.map((score, index) => {
    const { entry, inForce } = asked[index % asked.length]!;
    const shared = names.filter((name) => name === score.strategy).length > 1;
    return { ...score, ...(shared ? { strategy: entry } : {}), configured: inForce };
  });
}
