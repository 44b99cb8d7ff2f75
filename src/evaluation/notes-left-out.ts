import type { ModelAccess } from '../core/extension.js';

/**
 * Stands in for a model where none is asked: what a strategy collects by itself is seen, what a model would write is not.
 */
export const notesLeftOut: ModelAccess = {
  complete: async () => '(The notes of a model would stand here.)',
};
