/**
 * Terminal escape sequences: CSI; then string sequences (OSC, DCS, SOS, PM, APC) that end on their own line;
 * then every shorter escape. Each alternative is linear: no part can match what follows it.
 */
const escapeSequence =
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9b-\x9f\n]{0,4096}(?:\x07|\x1b\\|\x9c)|\x1b[ -/]*[0-~]/g;
/** Everything a terminal obeys, except tab and line feed. */
const control = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;
/** Tag characters spell text that nobody sees; the only honest use is the end of a regional flag. */
const tagCharacter = /(\u{1f3f4}[\u{e0020}-\u{e007e}]{1,6}\u{e007f})|[\u{e0000}-\u{e007f}]/gu;
const suspicious = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u{e0000}-\u{e007f}\p{Cs}]/u;

/**
 * A text as a model may read it: escape sequences, control characters and invisible tag characters removed,
 * line ends made `\n`, lone surrogates made U+FFFD. A text without any of these is returned as it is.
 */
export function modelText(text: string): string {
  if (!suspicious.test(text)) return text;
  return text
    .replace(/\r\n?/g, '\n')
    .replace(escapeSequence, '')
    .replace(control, '')
    .replace(tagCharacter, (_, flag: string | undefined) => flag ?? '')
    .replace(/\p{Cs}/gu, '\ufffd');
}

/** At most `characters` of a line, with a mark where it was cut. */
export function cutLine(line: string, characters: number): string {
  if (line.length <= characters) return line;
  return `${line.slice(0, characters)}… [${line.length - characters} more characters]`;
}

/** `12 B`, `3.4 kB`, `5.0 GB`: decimal units. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return unit === 0 ? `${bytes} B` : `${value.toFixed(1)} ${units[unit]}`;
}

export function plural(count: number, noun: string, pluralNoun = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : pluralNoun}`;
}
