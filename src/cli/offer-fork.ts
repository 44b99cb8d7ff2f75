import { createInterface } from 'node:readline/promises';
import { SessionHeldError } from '../core/errors.js';
import type { SessionHolder } from '../core/store.js';
import type { AgentOrchestrator } from '../orchestrator.js';
import { errorLine } from './report-error.js';

/**
 * Takes the session for this terminal. Where another process has it, offers to go on in a copy, and answers the id to talk in;
 * rejects with a `SessionHeldError` when the user does not want one.
 */
export async function takeOrFork(orchestrator: AgentOrchestrator, sessionId: string): Promise<string> {
  const holder = await orchestrator.holdSession(sessionId);
  if (!holder) return sessionId;
  const held = new SessionHeldError(sessionId, holder);
  if (!(await wantsCopy(held, holder))) throw held;
  // Taken in the meantime: the other one may have left while the question was open.
  if (!(await orchestrator.holdSession(sessionId))) return sessionId;
  const copy = await orchestrator.forkSession(sessionId);
  // Nothing is stored of a session that was only begun; another one is as good as a copy.
  const id = copy ?? orchestrator.sessionId;
  await orchestrator.holdSession(id);
  return id;
}

async function wantsCopy(held: SessionHeldError, { pid }: SessionHolder): Promise<boolean> {
  const { stdin, stdout } = process;
  const lines = createInterface({ input: stdin, output: stdout });
  const left = new AbortController();
  // Ctrl+C, Ctrl+D and a terminal that is gone mean no.
  lines.once('close', () => left.abort());
  try {
    stdout.write(`${errorLine(held).replace(/ Close it there.*/, '')}\n`);
    const question = `Go on in a copy of it? Process ${pid} keeps the original. [Y/n] `;
    const answer = await lines.question(question, { signal: left.signal });
    return /^\s*(?:y(?:es)?)?\s*$/i.test(answer);
  } catch {
    stdout.write('\n');
    return false;
  } finally {
    lines.close();
  }
}
