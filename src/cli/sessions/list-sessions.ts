import type { SessionSummary } from '../../core/store.js';
import { colours } from '../colours.js';
import { type CommandLine, notice } from '../command-line.js';
import { findSession } from '../find-session.js';
import { formatJson } from '../format-json.js';
import { formatTable } from '../format-table.js';
import { formatTime } from '../format-time.js';
import { withHistory } from '../open-history.js';

/** Rows that a table has unless more are asked for. */
const tableRows = 50;

/** Newest first: a table for people, an array of objects with `json`. */
export async function listSessions(
  options: { json?: true; limit?: number; tag?: string; subagents?: string; readOnly?: true },
  cli: CommandLine,
): Promise<void> {
  const { stdout, environment } = cli;
  const limit = options.limit ?? (options.json ? undefined : tableRows);
  const sessions = await withHistory(
    cli,
    async (store) =>
      store.sessions.listSessions({
        ...(options.subagents === undefined
          ? {}
          : { subagentsOf: (await findSession(store.sessions, options.subagents)).id }),
        ...(limit === undefined ? {} : { limit }),
        ...(options.tag === undefined ? {} : { tag: options.tag }),
      }),
    options,
  );
  if (options.json) return stdout.write(formatJson(sessions.map(summaryObject)));
  if (sessions.length === 0 && options.tag !== undefined)
    return notice(cli, `no session has the tag ${options.tag}.`);
  if (sessions.length === 0 && options.subagents !== undefined) return notice(cli, 'it had no subagents.');
  if (sessions.length === 0) return notice(cli, 'no sessions yet. victor ask "…" or victor chat starts one.');
  const rows = sessions.map((session) => [
    shortId(session.id, sessions),
    formatTime(session.updatedAt),
    String(session.messages),
    session.cwd,
    [session.title, ...session.tags.map((tag) => `#${tag}`)].join(' '),
  ]);
  const width = stdout.isTerminal ? stdout.columns : 0;
  const look = { width, colours: await colours(environment, stdout.isTerminal), right: [2] };
  stdout.write(formatTable(['id', 'updated', 'messages', 'directory', 'title'], rows, look));
  if (options.limit === undefined && sessions.length === tableRows) {
    notice(cli, `these are the latest ${tableRows}; --limit shows more.`);
  }
}

export function summaryObject(session: SessionSummary) {
  const { id, title, cwd, createdAt, updatedAt, messages, tags, forkedFrom } = session;
  const time = (timestampMs: number) => new Date(timestampMs).toISOString();
  const times = { created_at: time(createdAt), updated_at: time(updatedAt) };
  const fork = forkedFrom === undefined ? {} : { forked_from: forkedFrom };
  return { id, title, cwd, ...times, messages, tags, ...fork };
}

/** The start of an id, long enough to tell it from the others of the list. */
function shortId(id: string, sessions: readonly SessionSummary[]): string {
  for (let length = 8; length < id.length; length += 4) {
    const prefix = id.slice(0, length);
    if (sessions.filter((session) => session.id.startsWith(prefix)).length === 1) return prefix;
  }
  return id;
}
