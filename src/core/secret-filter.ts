import { heldForms } from './held-secrets.js';
import { placesOf, replaceWrapped, unwrapped } from './line-wrapped.js';
import { redactedMark } from './redact.js';

/** Takes held keys out of a stream of bytes, also one that is cut between two chunks or wrapped over lines. */
export interface SecretFilter {
  /** What can be passed on: everything but an end that may be the beginning of a key. */
  push(chunk: Buffer): Buffer;
  /** What was held back. */
  end(): Buffer;
}

/** Line ends and indentation in a key that is still coming; more are no wrapped key. */
const MOST_BREAK_BYTES = 4_096;

/** `undefined` while no key is held: then there is nothing to look for. */
export function createSecretFilter(): SecretFilter | undefined {
  const forms = heldForms();
  if (forms.length === 0) return undefined;
  const longest = Math.max(...forms.map(({ length }) => length));
  let rest = '';
  return {
    push(chunk) {
      // One character a byte, so that what is no text comes out as it went in.
      const text = withoutForms(rest + chunk.toString('latin1'), forms);
      const cut = text.length - heldBack(text.slice(-(longest + MOST_BREAK_BYTES)), forms);
      rest = text.slice(cut);
      return Buffer.from(text.slice(0, cut), 'latin1');
    },
    end() {
      const last = Buffer.from(rest, 'latin1');
      rest = '';
      return last;
    },
  };
}

function withoutForms(text: string, forms: readonly string[]): string {
  const flat = unwrapped(text);
  let clean = text;
  for (const form of forms) if (flat.includes(form)) clean = replaceWrapped(clean, form, redactedMark);
  return clean;
}

/** How many characters at the end may be the beginning of a key, with the line ends in it. */
function heldBack(end: string, forms: readonly string[]): number {
  const { flat, places } = placesOf(end);
  const last = flat.at(-1);
  let longest = 0;
  for (const form of forms) {
    for (let length = Math.min(form.length - 1, flat.length); length > longest; length -= 1) {
      if (form[length - 1] === last && flat.endsWith(form.slice(0, length))) longest = length;
    }
  }
  return longest === 0 ? 0 : end.length - places[flat.length - longest]!;
}
