import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { errorData } from '../core/errors.js';
import { sanitize } from '../ui/sanitize.js';
import { asSentence } from './report-error.js';

/**
 * A promise that failed and that nobody waited for, in one line; `undefined` when every place in its stack is Victor's
 * own, so that it is a fault of Victor and no mere trouble of an extension.
 */
export function strayRejection(reason: unknown): string | undefined {
  const places = placesOf(reason).filter((place) => !place.startsWith('node:'));
  const foreign = places.find((place) => !isVictors(place));
  if (places.length > 0 && foreign === undefined) return undefined;
  const where =
    foreign === undefined ? '' : ` (${foreign.replace(/^file:\/\//, '').replace(/\?[^:]*(?=:\d+$)/, '')})`;
  const text = `victor: an extension did not wait for something that failed${where}: ${asSentence(messageOf(reason))} Await it there, or catch what it throws.`;
  return sanitize(text.replace(/\s*\n\s*/g, ' '));
}

/** `file:line` of each call in the stack, the innermost first. */
function placesOf(reason: unknown): string[] {
  const stack = reason instanceof Error && typeof reason.stack === 'string' ? reason.stack : '';
  return stack
    .split('\n')
    .flatMap((line) => /^\s+at .*?((?:file:|node:|data:|\/)[^()]*:\d+):\d+\)?$/.exec(line)?.[1] ?? []);
}

/** All of Victor is in the folder of this module: it is bundled. */
function isVictors(place: string): boolean {
  const folder = `${import.meta.dirname}/`;
  return place.startsWith(folder) || place.startsWith(pathToFileURL(folder).href) || isLauncher(place);
}

function isLauncher(place: string): boolean {
  const launcher = `${dirname(import.meta.dirname)}/bin/`;
  return place.startsWith(launcher) || place.startsWith(pathToFileURL(launcher).href);
}

/** What somebody rejected with may refuse even to become text. */
function messageOf(reason: unknown): string {
  try {
    return errorData(reason).message;
  } catch {
    return 'it cannot be put into words';
  }
}
