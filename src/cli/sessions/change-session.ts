import { ConfigError } from '../../core/errors.js';
import type { SessionSummary, Store } from '../../core/store.js';
import { type CommandLine, notice } from '../command-line.js';
import { findSession } from '../find-session.js';
import { withHistory } from '../open-history.js';

export function renameSession(id: string, title: string, cli: CommandLine): Promise<void> {
  return change(id, cli, async ({ sessions }, session) => {
    if (title.trim() === '') {
      throw new ConfigError('a title needs at least one character that can be seen', {
        advice: `Write it behind the id, victor sessions rename ${id} "…".`,
      });
    }
    await sessions.renameSession(session.id, title);
    return `renamed ${session.id} to "${title}"`;
  });
}

export function deleteSession(id: string, cli: CommandLine): Promise<void> {
  return change(id, cli, async ({ sessions }, session) => {
    await sessions.deleteSession(session.id);
    return `deleted ${session.id} (${session.title})`;
  });
}

/** Empties the context that a resume starts from; the log and the analytics stay. */
export function resetSession(id: string, cli: CommandLine): Promise<void> {
  return change(id, cli, async ({ sessions }, session) => {
    await sessions.appendLog(session.id, { type: 'reset' });
    return `reset ${session.id}; its log is kept`;
  });
}

async function change(
  id: string,
  cli: CommandLine,
  act: (store: Store, session: SessionSummary) => Promise<string>,
): Promise<void> {
  const done = await withHistory(cli, async (store) => act(store, await findSession(store.sessions, id)));
  notice(cli, done);
}
