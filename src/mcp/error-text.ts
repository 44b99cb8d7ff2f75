import { messageOf } from '../core/describe-failure.js';
import { modelText } from '../tools/model-text.js';

const MOST_CHARACTERS = 2_000;

/** What went wrong, where a server may have written it: without what a terminal or a model obeys, and bounded. */
export function errorText(error: unknown): string {
  const text = modelText(messageOf(error));
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
