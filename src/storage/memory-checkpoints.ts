import type { Checkpoint, CheckpointStore } from '../core/checkpoint.js';

/** Bytes that the contents of all sessions may take: this process's memory. */
const MOST_CONTENT_BYTES = 128 * 1_024 * 1_024;

export interface MemoryCheckpointsOptions {
  /** Entries that a session's log has. */
  readonly logLength: (sessionId: string) => number;
  /** Bytes that all contents may take together; 128 MB when absent. */
  readonly mostContentBytes?: number | undefined;
}

/** Checkpoints of this process; `forget` drops those of one session. */
export function createMemoryCheckpoints({
  logLength,
  mostContentBytes = MOST_CONTENT_BYTES,
}: MemoryCheckpointsOptions): CheckpointStore & { forget(sessionId: string): void } {
  const checkpoints = new Map<string, Checkpoint>();
  // A map keeps insertion order; a content that is saved again moves to its end, so the oldest is first.
  const contents = new Map<string, Uint8Array>();
  let position = 0;
  let bytes = 0;

  function drop(hash: string): void {
    bytes -= contents.get(hash)?.byteLength ?? 0;
    contents.delete(hash);
  }

  function keep(hash: string, content: Uint8Array): void {
    const kept = contents.get(hash) ?? new Uint8Array(content);
    drop(hash);
    contents.set(hash, kept);
    bytes += kept.byteLength;
    while (bytes > mostContentBytes && contents.size > 1) drop(contents.keys().next().value!);
  }

  function remove(id: string): void {
    const hash = checkpoints.get(id)?.before.hash;
    checkpoints.delete(id);
    if (typeof hash !== 'string') return;
    if (![...checkpoints.values()].some(({ before }) => before.hash === hash)) drop(hash);
  }

  return {
    async saveCheckpoint(checkpoint, content) {
      const { hash } = checkpoint.before;
      if (hash !== null && content) keep(hash, content);
      if (checkpoints.has(checkpoint.id)) return;
      position += 1;
      const logSequence = logLength(checkpoint.sessionId);
      checkpoints.set(checkpoint.id, { ...checkpoint, position, logSequence, sealed: false });
    },
    async sealCheckpoint(id, after) {
      const checkpoint = checkpoints.get(id);
      if (checkpoint) checkpoints.set(id, { ...checkpoint, after, sealed: true });
    },
    async discardCheckpoint(id) {
      if (checkpoints.get(id)?.sealed === false) remove(id);
    },
    listCheckpoints: async (sessionId) =>
      [...checkpoints.values()].reverse().filter((checkpoint) => checkpoint.sessionId === sessionId),
    getCheckpoint: async (id) => checkpoints.get(id),
    readContent: async (hash) => contents.get(hash)?.slice(),
    contentBytes: async () => bytes,
    forget(sessionId) {
      for (const [id, checkpoint] of checkpoints) if (checkpoint.sessionId === sessionId) remove(id);
    },
  };
}
