import { withoutHeldSecrets } from './held-secrets.js';
import { redact } from './redact.js';

/** A session's title as it is kept, listed and exported: it is what somebody typed first, and that may be a key. */
export function shownTitle(title: string): string {
  return redact(withoutHeldSecrets(title));
}
