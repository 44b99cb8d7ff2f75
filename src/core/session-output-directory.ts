import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { parentSessionId } from './subagent-session.js';

/**
 * The part of the folder for long outputs that belongs to one session and its subagents; ids may hold anything, so the name is
 * a hash.
 */
export function sessionOutputDirectory(outputDirectory: string, sessionId: string): string {
  return join(
    outputDirectory,
    createHash('sha256').update(parentSessionId(sessionId)).digest('hex').slice(0, 16),
  );
}
