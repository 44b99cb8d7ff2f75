/** A word of a command's arguments: in quotes, or up to the next blank. */
const word = /"([^"]*)"|'([^']*)'|(\S+)/g;
const places = /\$(?:(ARGUMENTS)\b|([1-9])(?![0-9]))/g;

/**
 * The text with the arguments in their places: `$ARGUMENTS` for all of them, `$1` to `$9` for each word. What is filled in is not
 * looked at again. A text without a place for them gets them at its end.
 */
export function fillIn(text: string, given: string): string {
  const whole = given.trim();
  if (text.search(places) === -1) return whole === '' ? text : `${text}\n\n${whole}`;
  const words = [...whole.matchAll(word)].map(([, double, single, bare]) => double ?? single ?? bare ?? '');
  return text.replaceAll(places, (_, all: string | undefined, index: string | undefined) =>
    all === undefined ? (words[Number(index) - 1] ?? '') : whole,
  );
}
