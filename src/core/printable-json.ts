/**
 * What JSON leaves as it is and a terminal does not: C1 controls, which begin escape sequences in one character, and
 * what reorders or hides text (direction marks, the halves of tag characters).
 */
const unsafe =
  /[\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\udb40[\udc00-\udc7f]/g;

/** JSON text whose every character can be printed; a parser reads the same value. */
export function printableJson(value: unknown, indent = 0): string {
  return printableText(JSON.stringify(value, null, indent));
}

/** The same of text that is JSON already: such characters can only stand in its strings. */
export function printableText(json: string): string {
  return json.replace(unsafe, escaped);
}

function escaped(characters: string): string {
  return Array.from({ length: characters.length }, (_, index) => {
    return `\\u${characters.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');
}
