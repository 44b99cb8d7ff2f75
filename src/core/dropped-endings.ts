/** What some file systems drop from the end of each name: dots and spaces, and Windows its name for the content itself. */
const endings = /(?:[. ]|::\$DATA)+(?=\/|$)/gi;

/** The path as such a file system would take it, every letter in its one form. For comparing only. */
export function withoutDroppedEndings(path: string): string {
  return path.normalize('NFKC').replace(endings, '');
}
