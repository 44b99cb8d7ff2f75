/** What `victor eval` says on stderr besides how far it has come, which a busy machine lets it say. */
export function withoutProgress(stderr: string): string {
  return stderr.replaceAll(/^victor: \d+ of \d+ done, now [^\n]*\n/gm, '');
}
