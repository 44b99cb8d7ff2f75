/** One line of a file as a search or a read showed it. */
export interface FoundLine {
  readonly path: string;
  readonly line: number;
  readonly text: string;
  /** The search matched here; `false` for lines shown around a match. */
  readonly matched: boolean;
}

/** Lines of a search result, `path:12: text` and around a match `path-13- text`. Other lines are notes and are left out. */
export function readSearchLines(content: string): FoundLine[] {
  const found: FoundLine[] = [];
  for (const row of content.split('\n')) {
    const hit = /^(.+?):(\d+):[ ]?(.*)$/.exec(row);
    const near = hit ?? /^(.+?)-(\d+)-[ ]?(.*)$/.exec(row);
    if (near === null) continue;
    found.push({
      path: cleanPath(near[1] as string),
      line: Number(near[2]),
      text: near[3] as string,
      matched: hit !== null,
    });
  }
  return found;
}

/** The paths of a result with one path a line; notes such as `[10 of 90 files]` are left out. */
export function readPaths(content: string): string[] {
  const paths: string[] = [];
  for (const row of content.split('\n')) {
    const path = row.trim();
    if (path === '' || /^[[(]/.test(path) || /\s(?:files?|matches|found|shown|more)\b|[.:]$/.test(path))
      continue;
    paths.push(cleanPath(path));
  }
  return paths;
}

/** Numbered lines as Read prints them, `12<tab>text` or `   12→text`. */
export function readNumberedLines(content: string): { line: number; text: string }[] {
  const lines: { line: number; text: string }[] = [];
  for (const row of content.split('\n')) {
    const match = /^\s*(\d+)(?:\t|→|:\s?|\s\|\s?)(.*)$/.exec(row);
    if (match !== null) lines.push({ line: Number(match[1]), text: match[2] as string });
  }
  return lines;
}

function cleanPath(path: string): string {
  return path.replace(/^\.\//, '');
}
