import { setMaxListeners } from 'node:events';
import { holdGroup, killGroup, releaseGroup } from './process-group.js';
import type { ProcessRequest } from './run-process.js';

export type StopReason = 'timedOut' | 'aborted' | 'stopped';

export interface Stopper {
  /** Ends the group, with force after the grace. Only the first reason counts. */
  stop(reason: StopReason): void;
  reason(): StopReason | undefined;
  /** Settles when the group is gone or has got its SIGKILL. */
  killed(): Promise<void>;
  /** Settles when nobody should wait for the process any longer. */
  readonly deadline: Promise<void>;
  /** The process has ended or was given up: no more timeout and no more abort. */
  release(): void;
}

const DEFAULT_GRACE_MS = 2_000;
/** An abort answers this soon; the killing goes on behind it. */
const ABORT_ANSWER_MS = 60;
/** After SIGKILL. A process in an uninterruptible wait does not even die of that. */
const GIVE_UP_MS = 500;

/** Ends a process group at its timeout, at an abort, or when asked to. */
export function createStopper(request: ProcessRequest, groupId: number): Stopper {
  let reason: StopReason | undefined;
  let killed = Promise.resolve();
  let giveUp: () => void = () => {};
  const deadline = new Promise<void>((resolve) => {
    giveUp = resolve;
  });
  const stop = (why: StopReason) => {
    if (reason !== undefined) return;
    reason = why;
    killed = killGroup(groupId, request.graceMs ?? DEFAULT_GRACE_MS);
    if (why === 'aborted') setTimeout(giveUp, ABORT_ANSWER_MS).unref();
    else killed.then(() => setTimeout(giveUp, GIVE_UP_MS).unref());
  };
  const onAbort = () => stop('aborted');
  const timer = setTimeout(() => stop('timedOut'), request.timeoutMs);
  // One signal ends all calls of a turn, and there may be many at once.
  if (request.signal) setMaxListeners(0, request.signal);
  request.signal?.addEventListener('abort', onAbort, { once: true });
  holdGroup(groupId);
  if (request.signal?.aborted) onAbort();
  return {
    stop,
    deadline,
    reason: () => reason,
    killed: () => killed,
    release() {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', onAbort);
      killed.then(() => releaseGroup(groupId));
    },
  };
}
