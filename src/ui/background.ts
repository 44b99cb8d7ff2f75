import type { Background } from './themes.js';

/** Asks the terminal for its background; it answers as if that were typed. */
export const backgroundQuery = '\u001b]11;?\u001b\\';

/** What the environment says of the background, as rxvt, Konsole and others do: `foreground;background`, of the sixteen. */
export function backgroundFromEnvironment({ COLORFGBG: colours }: NodeJS.ProcessEnv): Background | undefined {
  const [, number] = /;(\d{1,2})$/.exec(colours ?? '') ?? [];
  if (number === undefined) return undefined;
  return number === '7' || Number(number) > 8 ? 'light' : 'dark';
}

/** Whether this terminal may be asked: one that does not know the question could show it. */
export function canBeAsked({ TERM: terminal = '' }: NodeJS.ProcessEnv): boolean {
  return terminal !== '' && !/^(dumb|linux|vt\d+|screen|cons)/.test(terminal);
}

/** The background in a terminal's answer, given without its frame: `11;rgb:1e1e/1e1e/1e1e`. */
export function backgroundInReply(reply: string): Background | undefined {
  const [, red, green, blue] =
    /^11;rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})(?:\/[\da-f]{1,4})?$/i.exec(reply) ?? [];
  if (red === undefined || green === undefined || blue === undefined) return undefined;
  const share = (digits: string) => Number.parseInt(digits, 16) / (16 ** digits.length - 1);
  const brightness = 0.2126 * share(red) + 0.7152 * share(green) + 0.0722 * share(blue);
  return brightness > 0.5 ? 'light' : 'dark';
}
