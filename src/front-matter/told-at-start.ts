/** Lines about files that cannot be used, before the first answer. */
const MOST_LINES = 5;

/** What a start says of files that cannot be used: a folder with many of them does not push everything else away. */
export function toldAtStart(problems: readonly string[]): readonly string[] {
  if (problems.length <= MOST_LINES) return problems;
  const left = problems.length - (MOST_LINES - 1);
  return [
    ...problems.slice(0, MOST_LINES - 1),
    `${left} more such files of skills or agents are not as they should be: victor doctor names them all.`,
  ];
}
