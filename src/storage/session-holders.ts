import { newId } from '../core/id.js';
import type { SessionHold, SessionHolder } from '../core/store.js';
import { isRunning, type ProcessIdentity, thisProcess } from '../process-identity.js';
import type { SqliteConnection } from './sqlite-connection.js';

/** A holder that cannot be seen from here says this often that it still runs. */
const RENEW_MS = 20_000;
/** One that has said nothing for so long is gone. */
const SILENT_MS = 3 * RENEW_MS;

interface HolderRow extends ProcessIdentity {
  readonly takenAt: number;
  readonly renewedAt: number;
}

const selectHolder = `
  SELECT host, pid, started, taken_at AS takenAt, renewed_at AS renewedAt
  FROM session_holders WHERE session_id = ?`;

const replaceHolder = `
  INSERT OR REPLACE INTO session_holders (session_id, token, host, pid, started, taken_at, renewed_at)
  VALUES (?, ?, ?, ?, ?, ?, ?)`;

/**
 * Which process works in a session. The row alone means nothing: a process that ended without taking it back, by a crash or
 * `kill -9`, holds nothing any more, and one that was given the same number later is another one.
 */
export function createSessionHolders({ prepare, write }: SqliteConnection) {
  const renewing = new Map<string, NodeJS.Timeout>();

  async function release(sessionId: string, token: string): Promise<void> {
    clearInterval(renewing.get(token));
    renewing.delete(token);
    await write(() =>
      prepare('DELETE FROM session_holders WHERE session_id = ? AND token = ?').run(sessionId, token),
    );
  }

  function renew(sessionId: string, token: string): void {
    const update = () => {
      prepare('UPDATE session_holders SET renewed_at = ? WHERE session_id = ? AND token = ?').run(
        Date.now(),
        sessionId,
        token,
      );
    };
    // Who cannot write now says it the next time; the other process is told of a holder for a minute yet.
    const timer = setInterval(() => void write(update).catch(() => {}), RENEW_MS);
    timer.unref();
    renewing.set(token, timer);
  }

  return {
    async hold(sessionId: string): Promise<SessionHold> {
      const token = newId();
      const { host, pid, started } = thisProcess();
      const other = await write((): SessionHolder | undefined => {
        const row = prepare<[string], HolderRow>(selectHolder).get(sessionId);
        if (row && stillHolds(row)) return { pid: row.pid, since: row.takenAt };
        const now = Date.now();
        prepare(replaceHolder).run(sessionId, token, host, pid, started, now, now);
        return undefined;
      });
      if (other) return { held: false, holder: other };
      renew(sessionId, token);
      return { held: true, release: () => release(sessionId, token) };
    },

    /** Inside a transaction: nobody holds what is no more. */
    forget: (sessionId: string) =>
      void prepare('DELETE FROM session_holders WHERE session_id = ?').run(sessionId),

    close() {
      for (const timer of renewing.values()) clearInterval(timer);
    },
  };
}

function stillHolds(row: HolderRow): boolean {
  // A clock that went back makes a holder look as if it had just spoken, which errs on the safe side.
  return isRunning(row) ?? Date.now() - row.renewedAt < SILENT_MS;
}
