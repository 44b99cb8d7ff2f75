import type { Store } from '../core/store.js';
import { MemorySpool } from '../delivery/memory-spool.js';
import { createMemoryAnalytics } from './memory-analytics.js';
import { createMemoryCheckpoints } from './memory-checkpoints.js';
import { createMemoryDecisions } from './memory-decisions.js';
import { createMemorySessions } from './memory-sessions.js';

/** Keeps everything in this process and nothing after it; otherwise it behaves as the SQLite store does. */
export function createMemoryStore(): Store {
  const { forget, ...checkpoints } = createMemoryCheckpoints({
    logLength: (id) => sessions.lengthOf(id),
  });
  const {
    forget: forgetDecisions,
    copy,
    ...decisions
  } = createMemoryDecisions((id) => sessions.lengthOf(id));
  const sessions = createMemorySessions({
    onForked: copy,
    onDeleted: (id) => {
      forget(id);
      forgetDecisions(id);
    },
  });
  const spool = new MemorySpool();
  return {
    sessions,
    analytics: createMemoryAnalytics((id) => sessions.folderOf(id), spool),
    spool,
    checkpoints,
    decisions,
    notices: [],
    close: async () => {},
  };
}
