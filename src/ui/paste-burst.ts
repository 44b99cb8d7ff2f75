/** Text, line ends and tabs: all that a paste without marks is made of. */
const plain = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]+/;

export function plainRun(text: string): string {
  return plain.exec(text)?.[0] ?? '';
}

/**
 * Whether what came in one read is a paste of a terminal that does not mark them: nobody types a line, its end and what is
 * behind it at once, and each of its lines would be sent. Enter and what is typed a moment later may come together.
 */
export function isBurst(run: string): boolean {
  return /[\r\n][^\r\n]/.test(run.replace(/^(?:\r\n|\r|\n)/, ''));
}
