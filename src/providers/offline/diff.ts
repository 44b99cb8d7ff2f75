/** What a unified diff does to one file. */
export interface FileDiff {
  readonly path: string;
  /** `binary` files have no counted lines. */
  readonly kind: 'changed' | 'added' | 'deleted' | 'renamed' | 'binary';
  readonly added: readonly DiffLine[];
  readonly removed: readonly DiffLine[];
}

export interface DiffLine {
  /** In the new file for added lines, in the old one for removed lines. */
  readonly line: number;
  readonly text: string;
}

/** Of longer lines only this much is kept, in UTF-16 units. */
const MAX_LINE = 1_000;

interface Draft {
  path: string;
  kind: FileDiff['kind'];
  added: DiffLine[];
  removed: DiffLine[];
}

export function looksLikeDiff(text: string): boolean {
  return (
    /^diff --git |^--- \S.*\n\+\+\+ \S/m.test(text.slice(0, 20_000)) &&
    /^(?:@@ |Binary files |rename |new file|deleted file|old mode)/m.test(text)
  );
}

/** Reads a unified diff; lines that belong to no hunk (a mail header, a commit message) are passed over. */
export function readDiff(text: string): FileDiff[] {
  const files: Draft[] = [];
  let current: Draft | undefined;
  let oldLine = 0;
  let newLine = 0;
  let oldLeft = 0;
  let newLeft = 0;
  const begin = (path: string) => {
    current = { path, kind: 'changed', added: [], removed: [] };
    files.push(current);
  };
  for (const row of text.split('\n')) {
    if (oldLeft > 0 || newLeft > 0) {
      const rest = row.slice(1, MAX_LINE).replace(/\r$/, '');
      if (row.startsWith('+')) {
        current?.added.push({ line: newLine++, text: rest });
        newLeft--;
        continue;
      }
      if (row.startsWith('-')) {
        current?.removed.push({ line: oldLine++, text: rest });
        oldLeft--;
        continue;
      }
      if (row.startsWith(' ') || row === '' || row === '\r') {
        oldLine++;
        newLine++;
        oldLeft--;
        newLeft--;
        continue;
      }
      if (row.startsWith('\\')) continue;
      // The hunk is shorter than it says: what follows is read as a header again.
      oldLeft = 0;
      newLeft = 0;
    }
    const git = /^diff --git (?:"?a\/(.*?)"?) (?:"?b\/(.*?)"?)$/.exec(row);
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(row);
    if (git) begin(git[2] as string);
    else if (hunk) {
      oldLine = Number(hunk[1]);
      oldLeft = Number(hunk[2] ?? 1);
      newLine = Number(hunk[3]);
      newLeft = Number(hunk[4] ?? 1);
    } else readHeader(row, current, begin, (file) => files.indexOf(file) >= 0);
  }
  return files;
}

function readHeader(
  row: string,
  current: Draft | undefined,
  begin: (path: string) => void,
  known: (file: Draft) => boolean,
): void {
  const target = /^\+\+\+ (?:"?b\/)?(.+?)"?(?:\t.*)?$/.exec(row);
  if (target) {
    const path = target[1] as string;
    const empty =
      current !== undefined && known(current) && current.added.length + current.removed.length === 0;
    if (path === '/dev/null') {
      if (current) current.kind = 'deleted';
    } else if (!empty) begin(path);
    return;
  }
  if (!current) return;
  if (row.startsWith('new file mode')) current.kind = 'added';
  else if (row.startsWith('deleted file mode')) current.kind = 'deleted';
  else if (row.startsWith('rename to ')) current.kind = 'renamed';
  else if (/^Binary files |^GIT binary patch/.test(row)) current.kind = 'binary';
}
