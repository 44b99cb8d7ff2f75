/** Characters that words are made of. */
export const word = /[\p{L}\p{N}_]/u;

/** Behind the run of backticks that closes the one at `index`. */
export function codeEnd(text: string, index: number): number | undefined {
  const ticks = runAt(text, index);
  let at = text.indexOf('`', index + ticks);
  while (at >= 0) {
    const run = runAt(text, at);
    if (run === ticks) return at + run;
    at = text.indexOf('`', at + run);
  }
  return undefined;
}

/** Where the run of as many stars stands that closes an emphasis; code and escapes in between are skipped. */
export function emphasisEnd(text: string, start: number, stars: number): number | undefined {
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (character === '`') at = (codeEnd(text, at) ?? at + runAt(text, at)) - 1;
    else if (character === '*') {
      const run = runAt(text, at);
      const closes = run === stars || (run === 3 && stars < 3);
      const previous = text[at - 1] ?? ' ';
      const next = text[at + run] ?? ' ';
      const opens = /[\s/]/.test(previous) || next === '/' || (stars === 1 && word.test(next));
      if (closes && !opens) return at + run - stars;
      at += run - 1;
    }
  }
  return undefined;
}

/** Behind the two tildes that close what two have struck out. */
export function struckEnd(text: string, start: number): number | undefined {
  for (let at = text.indexOf('~~', start); at >= 0; ) {
    const run = runAt(text, at);
    if (run === 2 && !/\s/.test(text[at - 1] ?? ' ')) return at + 2;
    at = text.indexOf('~~', at + run);
  }
  return undefined;
}

/** The bracket that closes the one at `index`. */
export function closingAt(text: string, index: number, opening: string, closing: string): number | undefined {
  let depth = 0;
  for (let at = index; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (character === opening) depth += 1;
    else if (character === closing) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return undefined;
}

/** How often the character at `index` stands there in a row. */
export function runAt(text: string, index: number): number {
  let end = index + 1;
  while (end < text.length && text[end] === text[index]) end += 1;
  return end - index;
}
