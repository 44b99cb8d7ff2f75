import * as z from 'zod';
import { cleanText } from './clean-text.js';

/** A few words that an option brings into the prompt: one line, nothing hidden, 1 to 100 characters. */
export const optionText = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .refine((text) => !text.includes('\n') && cleanText(text).removed === 0, {
    error: 'expected one line without hidden characters',
  });
