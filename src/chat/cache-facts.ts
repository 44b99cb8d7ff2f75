import type { CacheBreak } from '../core/cache-break.js';
import type { VictorEvent } from '../core/event.js';

type Blamed = Pick<CacheBreak, 'cause' | 'by'>;

/** Something that happened between two requests and may be why the second begins differently. */
export type CacheFact =
  /** The messages of the session were replaced, or some taken away. */
  | { readonly type: 'history'; readonly blamed: Blamed }
  | { readonly type: 'setting'; readonly key: string }
  | { readonly type: 'mode' }
  | { readonly type: 'model' }
  | { readonly type: 'contributor-failure'; readonly name: string };

/** What an event says of the next request's beginning; `undefined` for most. */
export function cacheFact(event: VictorEvent): CacheFact | undefined {
  switch (event.type) {
    case 'compaction': {
      const by = event.automatic
        ? ({ kind: 'strategy', name: event.strategy } as const)
        : ({ kind: 'command', name: '/compact' } as const);
      return { type: 'history', blamed: { cause: 'compaction', by } };
    }
    case 'session-reset':
      return resetFact;
    case 'rewind':
      return rewindFact;
    case 'turn-error':
      return event.removed.length > 0 ? failedTurnFact : undefined;
    case 'config-change':
      return event.effect === 'now' ? { type: 'setting', key: event.key } : undefined;
    case 'mode-change':
      return { type: 'mode' };
    case 'provider-change':
      return { type: 'model' };
    case 'extension-failure': {
      const { kind, name } = event.failure;
      return kind === 'contributor' ? { type: 'contributor-failure', name } : undefined;
    }
    default:
      return undefined;
  }
}

export const resetFact: CacheFact = {
  type: 'history',
  blamed: { cause: 'reset', by: { kind: 'command', name: '/clear' } },
};

const rewindFact: CacheFact = {
  type: 'history',
  blamed: { cause: 'rewind', by: { kind: 'command', name: '/rewind' } },
};

const failedTurnFact: CacheFact = {
  type: 'history',
  blamed: { cause: 'failed-turn', by: { kind: 'coordinator', name: 'chat' } },
};
