import type { SessionStore, SessionSummary } from '../../core/store.js';
import { colours } from '../colours.js';
import { type CommandLine, notice } from '../command-line.js';
import { formatTable } from '../format-table.js';
import { formatTime } from '../format-time.js';
import { withHistory } from '../open-history.js';

/** Shows the sessions in which nothing happened for so long; with `yes` deletes them, but for those that are open. */
export async function pruneSessions(
  { olderThan, yes = false }: { readonly olderThan: number; readonly yes?: boolean },
  cli: CommandLine,
): Promise<void> {
  const before = Date.now() - olderThan;
  await withHistory(cli, async ({ sessions }) => {
    const old = await sessions.listSessions({ before });
    if (old.length === 0) return notice(cli, 'no session is that old.');
    if (!yes) {
      await show(old, cli);
      return notice(cli, `${counted(old)} would be deleted. Nothing was; --yes does it.`);
    }
    const deleted: SessionSummary[] = [];
    for (const session of old) if (await deleteUnused(sessions, session.id, before)) deleted.push(session);
    notice(cli, `deleted ${counted(deleted)}`);
    if (deleted.length < old.length) notice(cli, `kept ${old.length - deleted.length} in use`);
  });
}

/** A session that somebody came back to meanwhile, or has open, stays. */
async function deleteUnused(sessions: SessionStore, id: string, before: number): Promise<boolean> {
  const hold = await sessions.holdSession(id);
  if (!hold.held) return false;
  try {
    const session = await sessions.getSession(id);
    return session !== undefined && session.updatedAt < before && (await sessions.deleteSession(id));
  } finally {
    await hold.release();
  }
}

async function show(old: readonly SessionSummary[], { stdout, environment }: CommandLine): Promise<void> {
  const rows = old.map(({ id, updatedAt, messages, title }) => [
    id,
    formatTime(updatedAt),
    String(messages),
    title,
  ]);
  const width = stdout.isTerminal ? stdout.columns : 0;
  const look = { width, colours: await colours(environment, stdout.isTerminal), right: [2] };
  stdout.write(formatTable(['id', 'updated', 'messages', 'title'], rows, look));
}

function counted(sessions: readonly SessionSummary[]): string {
  const messages = sessions.reduce((sum, one) => sum + one.messages, 0);
  const some = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
  return `${some(sessions.length, 'session')} with ${some(messages, 'message')}`;
}
