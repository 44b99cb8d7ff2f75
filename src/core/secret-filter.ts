import { heldForms } from './held-secrets.js';
import { redactedMark } from './redact.js';

/** Takes held keys out of a stream of bytes, also one that is cut between two chunks. */
export interface SecretFilter {
  /** What can be passed on: everything but an end that may be the beginning of a key. */
  push(chunk: Buffer): Buffer;
  /** What was held back. */
  end(): Buffer;
}

const mark = Buffer.from(redactedMark);

/** `undefined` while no key is held: then there is nothing to look for. */
export function createSecretFilter(): SecretFilter | undefined {
  const forms = heldForms();
  if (forms.length === 0) return undefined;
  let rest = Buffer.alloc(0);
  return {
    push(chunk) {
      const bytes = withoutForms(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]), forms);
      const cut = bytes.length - longestBeginning(bytes, forms);
      rest = Buffer.from(bytes.subarray(cut));
      return bytes.subarray(0, cut);
    },
    end() {
      const last = rest;
      rest = Buffer.alloc(0);
      return last;
    },
  };
}

function withoutForms(bytes: Buffer, forms: readonly Buffer[]): Buffer {
  let clean = bytes;
  for (const form of forms) {
    for (let at = clean.indexOf(form); at >= 0; at = clean.indexOf(form, at + mark.length)) {
      clean = Buffer.concat([clean.subarray(0, at), mark, clean.subarray(at + form.length)]);
    }
  }
  return clean;
}

/** How many bytes at the end may be the beginning of a key. */
function longestBeginning(bytes: Buffer, forms: readonly Buffer[]): number {
  let longest = 0;
  for (const form of forms) {
    for (let length = Math.min(form.length - 1, bytes.length); length > longest; length -= 1) {
      if (form.compare(bytes, bytes.length - length, bytes.length, 0, length) === 0) longest = length;
    }
  }
  return longest;
}
