import { isUtf8 } from 'node:buffer';

const plain = /^[^\x00-\x1f\x7f-\x9f\p{Cs}\p{Zl}\p{Zp}\u{e0000}-\u{e007f}\u202a-\u202e\u2066-\u2069]*$/u;

/**
 * A file name or path on one line, without loss. Ordinary names stay as they are; one with control characters,
 * direction marks or bytes that are not UTF-8 is written as bash would quote it: `$'a\nb'`.
 */
export function shownName(name: Buffer | string): string {
  const bytes = typeof name === 'string' ? Buffer.from(name) : name;
  const text = bytes.toString('utf8');
  if (isUtf8(bytes) && plain.test(text)) return text;
  let quoted = '';
  for (let index = 0; index < bytes.length; ) {
    const length = characterLength(bytes, index);
    quoted += quote(bytes.subarray(index, index + length));
    index += length;
  }
  return `$'${quoted}'`;
}

function quote(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (text === '\n') return '\\n';
  if (text === "'" || text === '\\') return `\\${text}`;
  if (isUtf8(bytes) && plain.test(text)) return text;
  return [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}

/** Bytes of the UTF-8 character that starts here; 1 when none does. */
function characterLength(bytes: Buffer, index: number): number {
  for (let length = 1; length <= 4 && index + length <= bytes.length; length += 1) {
    if (isUtf8(bytes.subarray(index, index + length))) return length;
  }
  return 1;
}
