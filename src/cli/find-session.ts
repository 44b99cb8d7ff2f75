import { ConfigError } from '../core/errors.js';
import type { SessionStore, SessionSummary } from '../core/store.js';
import { sanitize } from '../ui/sanitize.js';

const listed = 5;

/** The session with this id, or the only one whose id starts so. Throws ConfigError for none or several. */
export async function findSession(
  sessions: Pick<SessionStore, 'getSession' | 'listSessions'>,
  idOrPrefix: string,
): Promise<SessionSummary> {
  const exact = await sessions.getSession(idOrPrefix);
  if (exact) return exact;
  const matches = idOrPrefix === '' ? [] : await sessions.listSessions({ idPrefix: idOrPrefix });
  const [only, another] = matches;
  if (only && !another) return only;
  if (!only) {
    throw new ConfigError(`no session has an id that starts with "${idOrPrefix}"`, {
      advice: 'victor sessions list shows them all.',
    });
  }
  const names = matches.slice(0, listed).map(({ id, title }) => `${id} (${sanitize(title).slice(0, 40)})`);
  const more = matches.length > listed ? ` and ${matches.length - listed} more` : '';
  throw new ConfigError(`"${idOrPrefix}" matches ${matches.length} sessions: ${names.join(', ')}${more}`, {
    advice: 'Give more of the id.',
  });
}
