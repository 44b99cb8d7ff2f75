const characters = 40_000;

/** About 40 kB of Markdown with all that a model writes; each of its lines has a word of its own, `w0001` and on. */
export function longAnswer(): { readonly text: string; readonly words: readonly string[] } {
  const words: string[] = [];
  const word = () => {
    words.push(`w${String(words.length + 1).padStart(4, '0')}`);
    return words.at(-1)!;
  };
  const prose = 'The loop asks the model, runs what it wants to have run, and hands the results back';
  const blocks = [
    () => [`## Part ${word()}`],
    () => [`${prose}, **bold** and \`code\` included: ${word()}. ${prose}, until nothing is left to do.`],
    () => [`- a point ${word()}`, `- another, with \`a name\` ${word()}`, `  - one below it ${word()}`],
    () => ['```ts', `const ${word()} = await run(call, { signal });`, `return ${word()};`, '```'],
    () => [`| ${word()} | what |`, '|---|---|', `| ${word()} | ${prose.slice(0, 30)} |`],
    () => [`> ${prose}: ${word()}`],
    () => [`1. first ${word()}`, `2. second ${word()}`],
  ];
  let text = '';
  for (let next = 0; text.length < characters; next += 1) {
    text += `${blocks[next % blocks.length]!().join('\n')}\n\n`;
  }
  return { text: `${text}The end.`, words };
}
