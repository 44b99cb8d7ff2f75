import type { Store } from '../core/store.js';
import { createMemoryAnalytics } from './memory-analytics.js';
import { createMemoryCheckpoints } from './memory-checkpoints.js';
import { createMemorySessions } from './memory-sessions.js';

/** Keeps everything in this process and nothing after it; otherwise it behaves as the SQLite store does. */
export function createMemoryStore(): Store {
  const { forget, ...checkpoints } = createMemoryCheckpoints();
  return {
    sessions: createMemorySessions(forget),
    analytics: createMemoryAnalytics(),
    checkpoints,
    notices: [],
    close: async () => {},
  };
}
