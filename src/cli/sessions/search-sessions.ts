import type { SearchHit } from '../../core/store.js';
import { sanitize } from '../../ui/sanitize.js';
import { type Colours, colours } from '../colours.js';
import { type CommandLine, notice } from '../command-line.js';
import { findSession } from '../find-session.js';
import { formatJson } from '../format-json.js';
import { formatTime } from '../format-time.js';
import { withHistory } from '../open-history.js';

export interface SearchOptions {
  readonly json?: true;
  readonly limit?: number;
  /** The id of one session, or the start of it. */
  readonly session?: string;
}

/** Messages that have every word, the best first: two lines each for people, objects with `json`. */
export async function searchSessions(query: string, options: SearchOptions, cli: CommandLine): Promise<void> {
  const { stdout, environment } = cli;
  const hits = await withHistory(cli, async ({ sessions }) => {
    const only = options.session === undefined ? undefined : await findSession(sessions, options.session);
    return sessions.searchMessages(query, {
      ...(only ? { sessionId: only.id } : {}),
      ...(options.limit === undefined ? {} : { limit: options.limit }),
    });
  });
  if (options.json) return stdout.write(formatJson(hits.map(hitObject)));
  if (hits.length === 0) return notice(cli, `no message has "${query}".`);
  const paint = await colours(environment, stdout.isTerminal);
  for (const hit of hits) stdout.write(`${headOf(hit, paint)}\n  ${snippetLine(hit, paint)}\n`);
}

function headOf({ session, role, timestamp }: SearchHit, { dim }: Colours): string {
  const speaker = role === 'user' ? 'you' : role === 'tool' ? 'a tool' : 'Victor';
  const said = dim(`${formatTime(timestamp)}  ${speaker} in`);
  return `${sanitize(session.id)}  ${said} ${sanitize(session.title)}`;
}

function snippetLine({ snippet }: SearchHit, { green }: Colours): string {
  return snippet.map(({ text, matched }) => (matched ? green(sanitize(text)) : sanitize(text))).join('');
}

function hitObject({ session, sequence, role, timestamp, snippet }: SearchHit) {
  return {
    session_id: session.id,
    title: session.title,
    sequence,
    role,
    time: new Date(timestamp).toISOString(),
    snippet: snippet.map(({ text }) => text).join(''),
    matches: snippet.filter(({ matched }) => matched).map(({ text }) => text),
  };
}
