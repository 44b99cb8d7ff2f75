/** What may be meant by one `@`: the whole word, then without the marks that may belong to the sentence. */
export type Mention = readonly string[];

/** So many of one message are looked for. */
const mostMentions = 200;
const longestPath = 4_096;
const mostReadings = 4;
const mark = /(?<=^|[\s([{<,;:='])@(?:"([^"\n]+)"|([^\s"]+))/g;

/** The mentions in a message, in order, each once: `@src/a.ts`, `@"a name.ts"`. An address such as `me@example.org` is none. */
export function findMentions(text: string): readonly Mention[] {
  const mentions = new Map<string, Mention>();
  // A huge paste may have any number of them.
  for (const [whole, quoted, bare] of text.matchAll(mark)) {
    const mention = quoted === undefined ? readings(bare ?? '') : [quoted];
    if (mention.length > 0 && !mentions.has(whole)) mentions.set(whole, mention);
    if (mentions.size >= mostMentions) break;
  }
  return [...mentions.values()];
}

function readings(word: string): Mention {
  const names: string[] = [];
  if (word.length > longestPath) return names;
  for (let name = word; name !== '' && names.length < mostReadings; name = name.slice(0, -1)) {
    names.push(name);
    if (!/[.,;:!?)\]}>'"…]$/.test(name)) break;
  }
  return names;
}

/** The lines that a mention names, as in `src/a.ts:10-20` or `src/a.ts:10`, counted from 1; `undefined` for the whole file. */
export function linesOf(
  name: string,
): { readonly path: string; readonly from: number; readonly to: number } | undefined {
  const [, path, first, last] = /^(.+):(\d{1,9})(?:-(\d{1,9}))?$/.exec(name) ?? [];
  if (path === undefined) return undefined;
  const numbers = [Number(first), Number(last ?? first)];
  return { path, from: Math.max(1, Math.min(...numbers)), to: Math.max(1, ...numbers) };
}

/** Whether a mention of nothing that is there was meant as a file: a name alone may be anybody's. */
export function looksLikeFile(mention: Mention): boolean {
  const name = mention.at(-1) ?? '';
  return (
    /(?:^|\/)[^/]*[^/.]\.[a-z][a-z0-9]{0,4}$/i.test(linesOf(name)?.path ?? name) ||
    /^(?:\.{1,2}|~)?\//.test(name)
  );
}
