/** Everything that only reads and changes stored sessions, behind one door as in turn-commands.ts. */
export { sessionCandidates } from './completion/session-candidates.js';
export { backUpDatabase } from './database/back-up-database.js';
export { checkDatabaseFile } from './database/check-database-file.js';
export { showDatabasePath } from './database/show-database-path.js';
export { vacuumDatabase } from './database/vacuum-database.js';
export {
  deleteSession,
  forkSession,
  renameSession,
  resetSession,
  tagSession,
} from './sessions/change-session.js';
export { diffSession } from './sessions/diff-session.js';
export { explainSession } from './sessions/explain-session.js';
export { exportSession } from './sessions/export-session.js';
export { importSession } from './sessions/import-session.js';
export { listSessions } from './sessions/list-sessions.js';
export { pruneSessions } from './sessions/prune-sessions.js';
export { searchSessions } from './sessions/search-sessions.js';
export { showStats } from './stats/show-stats.js';
