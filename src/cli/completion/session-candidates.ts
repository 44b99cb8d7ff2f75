import type { CommandLine } from '../command-line.js';
import { withHistory } from '../open-history.js';
import type { Candidate } from './candidates.js';

/** More would be no help to choose from. */
const MOST_SESSIONS = 50;

/** The ids of sessions that begin so, the latest first; nothing is written. */
export function sessionCandidates(idPrefix: string, cli: CommandLine): Promise<readonly Candidate[]> {
  return withHistory(
    cli,
    async ({ sessions }) => {
      const found = await sessions.listSessions({ idPrefix, limit: MOST_SESSIONS });
      return found.map(({ id, title }) => ({ value: id, description: title }));
    },
    { readOnly: true },
  );
}
