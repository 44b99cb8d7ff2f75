import { ConfigError, SessionHeldError } from '../../core/errors.js';
import { newId } from '../../core/id.js';
import { checkedTag } from '../../core/session-tag.js';
import { shownTitle } from '../../core/shown-title.js';
import type { SessionStore, SessionSummary, Store } from '../../core/store.js';
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
    return `renamed ${session.id} to "${shownTitle(title)}"`;
  });
}

/** Adds tags, or takes them away with `remove`; without any it only shows what there is. */
export function tagSession(
  id: string,
  tags: readonly string[],
  { remove = false }: { readonly remove?: boolean },
  cli: CommandLine,
): Promise<void> {
  return change(id, cli, async ({ sessions }, session) => {
    await sessions.tagSession(session.id, { [remove ? 'remove' : 'add']: tags.map(checkedTag) });
    const now = (await sessions.getSession(session.id))?.tags ?? [];
    return `${session.id} ${now.length === 0 ? 'has no tags' : `is tagged ${now.join(', ')}`}`;
  });
}

/** Copies it as it is now; the id of the copy is all that is printed. */
export async function forkSession(id: string, cli: CommandLine): Promise<void> {
  const copyId = newId();
  await withHistory(cli, async ({ sessions }) => {
    const session = await findSession(sessions, id);
    await sessions.forkSession(session.id, copyId);
  });
  cli.stdout.write(`${copyId}\n`);
}

export function deleteSession(id: string, cli: CommandLine): Promise<void> {
  return change(id, cli, async ({ sessions }, session) => {
    await whileOurs(sessions, session.id, () => sessions.deleteSession(session.id));
    return `deleted ${session.id} (${session.title})`;
  });
}

/** Empties the context that a resume starts from; the log and the analytics stay. */
export function resetSession(id: string, cli: CommandLine): Promise<void> {
  return change(id, cli, async ({ sessions }, session) => {
    await whileOurs(sessions, session.id, () => sessions.appendLog(session.id, { type: 'reset' }));
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

/** What another process works on is not taken from under it. */
async function whileOurs(sessions: SessionStore, id: string, act: () => Promise<unknown>): Promise<void> {
  const hold = await sessions.holdSession(id);
  if (!hold.held) throw new SessionHeldError(id, hold.holder);
  try {
    await act();
  } finally {
    await hold.release();
  }
}
