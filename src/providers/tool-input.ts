import { isRecord } from '../core/is-record.js';
import type { ToolCall } from '../core/message.js';
import { wellFormed } from './well-formed-text.js';

/** Levels of objects and lists in arguments. Thousands of them end whatever walks through them by recursion. */
const DEEPEST = 200;
/** What may be half of a character, escaped. */
const halfEscape = /\\ud[89a-f]/i;

/**
 * Reads the arguments a model sent for a tool. No text at all is a call without arguments; anything else that is no
 * JSON object is kept as `invalidInput`, so that the model can be told what it sent.
 */
export function toolInput(json: string): Pick<ToolCall, 'input' | 'invalidInput'> {
  const text = wellFormed(json);
  if (text.trim() === '') return { input: {} };
  try {
    const value: unknown = halfEscape.test(text) ? JSON.parse(text, wellFormedValue) : JSON.parse(text);
    if (isRecord(value) && !isDeeper(value, DEEPEST)) {
      return { input: value };
    }
  } catch {
    // Falls through: what cannot be parsed is reported like what is no object.
  }
  return { input: {}, invalidInput: text };
}

function wellFormedValue(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? wellFormed(value) : value;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((one) => isDeeper(one, levels - 1));
}
