import type { ToolDescriptor, ToolSelectionStrategy } from '../../src/core/extension.js';

export interface Query {
  readonly query: string;
  readonly tool: string;
}

export const RANKS = [1, 5, 10] as const;

/** Percentages of the requests whose tool is among the first, and milliseconds. */
export interface Row {
  readonly top1: number;
  readonly top5: number;
  readonly top10: number;
  readonly medianMs: number;
}

/** How often, and how fast, a strategy ranks the tool that each request needs among the first. */
export async function measure(
  strategy: ToolSelectionStrategy,
  tools: readonly ToolDescriptor[],
  queries: readonly Query[],
): Promise<Row> {
  const hits = RANKS.map(() => 0);
  const durations: number[] = [];
  for (const { query, tool } of queries) {
    const began = performance.now();
    const scores = await strategy.score(query, tools);
    durations.push(performance.now() - began);
    const own = scores.find(({ name }) => name === tool)?.score ?? Number.NEGATIVE_INFINITY;
    // A tool that another one ties with counts as behind it.
    const rank = scores.filter(({ name, score }) => name !== tool && score >= own).length;
    for (const [index, limit] of RANKS.entries()) if (rank < limit) hits[index]! += 1;
  }
  durations.sort((a, b) => a - b);
  const [top1 = 0, top5 = 0, top10 = 0] = hits.map(
    (count) => Math.round((count / queries.length) * 1000) / 10,
  );
  const medianMs = Math.round(durations[Math.floor(durations.length / 2)]! * 1000) / 1000;
  return { top1, top5, top10, medianMs };
}
