import type { Checkpoint, CheckpointStore } from '../core/store.js';

/** Checkpoints of this process; `forget` drops those of one session. */
export function createMemoryCheckpoints(): CheckpointStore & { forget(sessionId: string): void } {
  const checkpoints = new Map<string, Checkpoint>();

  function change(id: string, changes: Partial<Checkpoint>): void {
    const checkpoint = checkpoints.get(id);
    if (checkpoint) checkpoints.set(id, { ...checkpoint, ...changes });
  }

  return {
    async saveCheckpoint(checkpoint) {
      if (checkpoints.has(checkpoint.id)) return;
      checkpoints.set(checkpoint.id, { ...checkpoint, before: checkpoint.before?.slice() ?? null });
    },
    sealCheckpoint: async (id, afterHash) => change(id, { afterHash }),
    listCheckpoints: async (sessionId) =>
      [...checkpoints.values()].reverse().filter((checkpoint) => checkpoint.sessionId === sessionId),
    getCheckpoint: async (id) => checkpoints.get(id),
    markRestored: async (id) => change(id, { restored: true }),
    forget(sessionId) {
      for (const [id, checkpoint] of checkpoints)
        if (checkpoint.sessionId === sessionId) checkpoints.delete(id);
    },
  };
}
