import { modelText } from '../tools/model-text.js';

/** Characters at most that are told of what a server says. */
export const MOST_CHARACTERS = 200;

/** What a server or its definition says, in one line that may be shown. */
export function oneLine(text: string): string {
  const line = modelText(text).replaceAll(/\s+/g, ' ').trim();
  return line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)}…` : line;
}
