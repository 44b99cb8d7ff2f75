import type { ToolSelectionCoordinator } from '../core/coordinator.js';
import { deciding } from './deciding-method.js';

/** Of the tools that were not offered, those that came nearest. */
const MOST_NEXT = 5;

export const toolSelectionMethods = {
  select: deciding<ToolSelectionCoordinator, 'select'>({
    sessionOf: ({ sessionId }) => sessionId,
    describe({ given: [{ tools }], answer: { offered, strategy, scores = [], epoch, reason } }) {
      const names = new Set(offered);
      const next = scores
        .filter(({ name }) => !names.has(name))
        .slice(0, MOST_NEXT)
        .map(({ name, score, reason: why }) => `${name} ${score.toFixed(2)} (${why})`);
      const inputs = { strategy, epoch, tools: tools.length, offered, next };
      return { outcome: offered.length < tools.length ? 'Offered some' : 'Offered all', reason, inputs };
    },
  }),
  find: deciding<ToolSelectionCoordinator, 'find'>({
    sessionOf: ({ sessionId }) => sessionId,
    describe({ answer: { added, known, full } }) {
      const inputs = { added: added.map(({ name }) => name), known };
      if (full) return { outcome: 'Added none', reason: 'The list has grown as often as it may.', inputs };
      const reason = 'The model asked for tools that it was not offered.';
      return { outcome: added.length > 0 ? 'Found some' : 'Found none', reason, inputs };
    },
  }),
};
