import type { CompactionStrategy } from '../core/extension.js';

/** Leaves every context as it is and switches automatic compaction off. */
export function createNoneStrategy(): CompactionStrategy {
  return { name: 'none', automatic: false, compact: (context) => context };
}
