import { withoutHeldSecrets } from './held-secrets.js';

/** What somebody threw, in words and without our keys. Total, because user code may throw what cannot even be turned into text. */
export function messageOf(error: unknown): string {
  try {
    const text: unknown = error instanceof Error ? error.message : String(error);
    if (typeof text === 'string') return withoutHeldSecrets(text);
  } catch {
    // Its own words cannot be had.
  }
  return 'it threw something that cannot be put into words';
}

/** What an extension is called: its `name`, else that of its class. Total, too. */
export function extensionName(extension: object): string {
  try {
    const { name, constructor: made } = extension as { name?: unknown; constructor?: { name?: unknown } };
    if (typeof name === 'string' && name !== '') return name;
    if (typeof made?.name === 'string' && made.name !== '') return made.name;
  } catch {
    // A getter of the user's.
  }
  return 'unnamed';
}
