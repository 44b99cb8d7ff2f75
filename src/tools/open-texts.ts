import { openSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '../core/id.js';

/** Files without a name, by what is in them; there are few, and they stay open. */
const nameless = new Map<string, number>();

/** A descriptor for each text, from which it can be read once; the caller closes them. Linux only. */
export function openTexts(texts: readonly string[]): number[] {
  // Each is opened anew, because descriptors of one opening share how far was read.
  return texts.map((text) => openSync(`/proc/self/fd/${namelessFile(text)}`, 'r'));
}

function namelessFile(text: string): number {
  const known = nameless.get(text);
  if (known !== undefined) return known;
  const file = join(tmpdir(), `victor-text-${newId()}`);
  writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
  try {
    const descriptor = openSync(file, 'r');
    nameless.set(text, descriptor);
    return descriptor;
  } finally {
    unlinkSync(file);
  }
}
