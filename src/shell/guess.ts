/**
 * What a text that cannot be read exactly seems to run: cut wherever bash might start a command, quotes removed. Good
 * enough to find what a rule denies, never good enough to allow anything.
 */
export function guessCommands(text: string): readonly (readonly string[])[] {
  // Over the whole text at once, because a megabyte of commands must not keep anybody waiting.
  const bare = text.replaceAll(/['"\\${}]+/g, '').replaceAll(/[<>]+/g, ' $& ');
  const commands: (readonly string[])[] = [];
  // Ten thousand times the same command is one guess.
  for (const piece of new Set(bare.split(/[;&|\n\r()`]+/))) {
    const words = piece.trim().split(/\s+/);
    if (words[0] === '!') words.shift();
    if (words[0] !== undefined && words[0] !== '') commands.push(words);
  }
  return commands;
}

/** The file that a redirection would read. */
export function redirectedFrom(words: readonly string[]): readonly string[] {
  return words.filter((_, index) => words[index - 1] === '<');
}
