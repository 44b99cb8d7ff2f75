import { setTimeout as sleep } from 'node:timers/promises';
import { SessionHeldError } from '../core/errors.js';
import type { AgentOrchestrator } from '../orchestrator.js';
import { type CommandLine, notice } from './command-line.js';

/** How long somebody who cannot be asked waits for another process to leave the session. */
const WAIT_MS = 10_000;
const LOOK_EVERY_MS = 200;

/**
 * Takes the session for this process, so that no other one writes into the same conversation. Waits while another has it, and
 * rejects with a `SessionHeldError` that names it when that takes too long.
 */
export async function waitForSession(
  orchestrator: AgentOrchestrator,
  sessionId: string,
  signal: AbortSignal,
  cli: CommandLine,
): Promise<void> {
  const deadline = performance.now() + WAIT_MS;
  let holder = await orchestrator.holdSession(sessionId);
  if (!holder) return;
  notice(cli, `session ${sessionId} is in use by process ${holder.pid}; waiting up to 10 seconds for it.`);
  while (holder) {
    if (performance.now() >= deadline) throw new SessionHeldError(sessionId, holder);
    await sleep(LOOK_EVERY_MS, undefined, { signal });
    holder = await orchestrator.holdSession(sessionId);
  }
}
