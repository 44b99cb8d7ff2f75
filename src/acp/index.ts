/**
 * What `victor acp` loads, and no other command: a bundle of its own with its SDK (see scripts/build.mjs), so that nobody
 * else's start is cut into smaller pieces for its sake. It has its own copies of what it imports, so a class or a state that
 * the rest of Victor knows, errors and held secrets above all, is left to the host.
 */
export { type AcpAgentOptions, serveAgent } from './agent.js';
export type { AcpHost, OpenedSession, OpenRequest, ToldError } from './host.js';
