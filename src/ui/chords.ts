import { keyName } from './key-names.js';
import type { Key } from './keys.js';

/** Ctrl+X is the first of two keys: it is held back, and the next one comes out as both. */
export function createChords(): (key: Key) => Key | undefined {
  let begun = false;
  return (key) => {
    const goesOn = begun;
    begun = key.type === 'key' && key.ctrl && key.name === 'x' && !goesOn;
    if (begun) return undefined;
    if (!goesOn || key.type !== 'key') return key;
    return { type: 'key', name: `x ${keyName(key)}`, ctrl: true, alt: false, shift: false };
  };
}
