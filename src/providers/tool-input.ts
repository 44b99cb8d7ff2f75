import type { ToolCall } from '../core/message.js';

/**
 * Reads the arguments a model sent for a tool. No text at all is a call without arguments; anything else that is no
 * JSON object is kept as `invalidInput`, so that the model can be told what it sent.
 */
export function toolInput(text: string): Pick<ToolCall, 'input' | 'invalidInput'> {
  if (text.trim() === '') return { input: {} };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { input: value as Record<string, unknown> };
    }
  } catch {
    // Falls through: what cannot be parsed is reported like what is no object.
  }
  return { input: {}, invalidInput: text };
}
