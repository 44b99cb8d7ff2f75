/** What stands in a text where a key was. */
export const redactedMark = '[redacted]';

/** Shorter texts occur by chance: hiding them would garble messages and hide nothing. */
const SHORTEST_SECRET = 6;

/** Keys whose shape tells what they are, and what they become. A quote or a backslash is in none, so that JSON stays JSON. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/\b(?:sk|gsk|pk|rk)[-_][A-Za-z0-9_-]{12,}/g, redactedMark],
  [/\b(Bearer\s+)[A-Za-z0-9._~+/-]{8,}=*/gi, `$1${redactedMark}`],
  [/\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeprs]-)[A-Za-z0-9_-]{16,}/g, redactedMark],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, redactedMark],
  [/\bAIza[0-9A-Za-z_-]{35}/g, redactedMark],
  [/\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+/g, redactedMark],
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@:"'\\]{1,200}:[^\s/@"'\\]{1,200}@/gi, `$1${redactedMark}@`],
  // Of a key whose end was cut off, all that is left is one.
  [
    /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[A-Za-z0-9+/=\s\\:,-]{0,20000}?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|(?=["'…]{0,3}$))/g,
    redactedMark,
  ],
];

/**
 * Takes keys out of a text: the given ones, also when they come URL- or base64-encoded, and whatever has the
 * shape of a well-known key, because a server may quote a key that is not ours.
 */
export function redact(text: string, secrets: readonly (string | undefined)[] = []): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret === undefined || secret.length < SHORTEST_SECRET) continue;
    for (const form of formsOf(secret)) clean = clean.replaceAll(form, redactedMark);
  }
  for (const [shape, replacement] of shapes) clean = clean.replace(shape, replacement);
  return clean;
}

/** A secret as it is, as an address carries it, and as a header carries it. */
export function formsOf(secret: string): readonly string[] {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  return [...new Set([secret, encodeURIComponent(secret), base64])];
}
