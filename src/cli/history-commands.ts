/** Everything that only reads and changes stored sessions, behind one door as in turn-commands.ts. */
export { deleteSession, renameSession, resetSession } from './sessions/change-session.js';
export { exportSession } from './sessions/export-session.js';
export { listSessions } from './sessions/list-sessions.js';
export { showStats } from './stats.js';
