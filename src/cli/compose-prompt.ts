import { dataBlock } from '../core/data-block.js';
import { type StandardInput, standardInputCapBytes } from './read-standard-input.js';

/**
 * What the model is asked: the prompt first, then what was piped in as a labelled block. Text that was
 * piped in is data, so it cannot end its own block early.
 */
export function composePrompt(prompt: string | undefined, input: StandardInput | undefined): string {
  if (input === undefined) return prompt ?? '';
  const note = input.truncated ? `\n[cut after ${standardInputCapBytes / 1024} kB; more followed]` : '';
  if (prompt === undefined) return `${input.text.trimEnd()}${note}`;
  return `${prompt}\n\n${dataBlock('stdin', input.text)}${note}`;
}
