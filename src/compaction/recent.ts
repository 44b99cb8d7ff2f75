import type { Context } from '../core/context.js';
import type { CompactionStrategy } from '../core/extension.js';

export interface RecentOptions {
  /** Messages kept at the end, besides system messages; 10 when absent. */
  readonly keepLast?: number;
}

/** Keeps the most recent messages. */
export function createRecentStrategy({ keepLast = 10 }: RecentOptions = {}): CompactionStrategy {
  return {
    name: 'recent',
    compact(context: Context): Context {
      if (context.messages.length <= keepLast) return context;
      const system = context.messages.filter((message) => message.role === 'system');
      const recent = context.messages.slice(-keepLast).filter((message) => message.role !== 'system');
      return { messages: [...system, ...recent], metadata: context.metadata };
    },
  };
}
