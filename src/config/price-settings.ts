import * as z from 'zod';
import { count, dollars } from './setting-types.js';

const rates = z.strictObject({
  input: dollars.describe('US dollars per million input tokens'),
  output: dollars.describe('US dollars per million output tokens'),
  cacheRead: dollars
    .optional()
    .describe('US dollars per million tokens read from a cache; 0.1 × input when absent'),
  cacheWrite: dollars
    .optional()
    .describe('US dollars per million tokens written to a cache for five minutes; 1.25 × input when absent'),
  cacheWrite1h: dollars
    .optional()
    .describe('US dollars per million tokens written to a cache for an hour; 2 × input when absent'),
});
export const price = rates.extend({
  longContext: z
    .array(
      rates.extend({ above: count.describe('Prompts of more tokens than this cost what stands beside it') }),
    )
    .optional()
    .describe('What long prompts cost, the shorter ones first'),
});
