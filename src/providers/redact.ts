/** What stands in a text where a key was. */
export const redactedMark = '[redacted]';

/** Shorter texts occur by chance: hiding them would garble messages and hide nothing. */
const SHORTEST_SECRET = 6;

/**
 * Takes keys out of a text: the given ones, also when they come URL- or base64-encoded, and whatever has the
 * shape of a well-known key, because a server may quote a key that is not ours.
 */
export function redact(text: string, secrets: readonly (string | undefined)[] = []): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret === undefined || secret.length < SHORTEST_SECRET) continue;
    const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
    for (const form of [secret, encodeURIComponent(secret), base64]) {
      clean = clean.replaceAll(form, redactedMark);
    }
  }
  return clean
    .replace(/\b(?:sk|gsk|pk|rk)[-_][A-Za-z0-9_-]{12,}/g, redactedMark)
    .replace(/\b(Bearer\s+)[A-Za-z0-9._~+/-]{8,}=*/gi, `$1${redactedMark}`);
}
