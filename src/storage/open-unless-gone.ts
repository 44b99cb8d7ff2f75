import { openSync } from 'node:fs';
import { codeOf } from './storage-failure.js';

/** Opens a file to read it; `undefined` where there is none: whoever has a database open last deletes its log. */
export function openUnlessGone(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
