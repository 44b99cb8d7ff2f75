/**
 * JSON text with a line end after it. JSON escapes the old control characters itself, but not the ones that
 * terminals read as the start of an escape sequence in one character.
 */
export function formatJson(value: unknown, indent = 2): string {
  const escaped = (character: string) => `\\u00${character.charCodeAt(0).toString(16)}`;
  return `${JSON.stringify(value, null, indent).replaceAll(/[\u007f-\u009f]/g, escaped)}\n`;
}
