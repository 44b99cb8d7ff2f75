import * as z from 'zod';
import type { CompactionStrategy } from '../core/extension.js';
import { createNoneStrategy } from './none.js';
import { createRecentStrategy } from './recent.js';

const recentOptions = z.strictObject({ keepLast: z.int().positive().optional() });

/** The built-in strategies by name; each factory validates its options. */
export const builtInCompactionStrategies: Readonly<Record<string, (options: unknown) => CompactionStrategy>> =
  {
    recent: (options) => {
      const { keepLast } = recentOptions.parse(options ?? {});
      return createRecentStrategy(keepLast === undefined ? {} : { keepLast });
    },
    none: () => createNoneStrategy(),
  };
