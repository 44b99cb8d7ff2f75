import { printableJson } from '../core/printable-json.js';

/** JSON text with a line end after it, harmless where it is printed to a terminal. */
export function formatJson(value: unknown, indent = 2): string {
  return `${printableJson(value, indent)}\n`;
}
