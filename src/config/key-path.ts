/** One step into settings: a key of an object or an index of an array. */
export type KeySegment = string | number;

/** `['prices', 'gpt-4.1', 'input']` as `prices["gpt-4.1"].input`. */
export function formatKey(path: readonly KeySegment[]): string {
  let text = '';
  for (const segment of path) {
    const plain = typeof segment === 'number' || /^[\w-]+$/.test(segment);
    if (!plain) text += `[${quote(segment)}]`;
    else text += text === '' ? segment : `.${segment}`;
  }
  return text;
}

/** A value as JSON in which nothing can act on a terminal or hide: a file of settings may be anybody's. */
export function quote(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.replace(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** The reverse of `formatKey`; `undefined` when the text is not a key. */
export function parseKey(text: string): string[] | undefined {
  const path: string[] = [];
  let rest = text;
  while (rest !== '') {
    const match =
      /^\[("(?:[^"\\]|\\.)*")\]/.exec(rest) ??
      (path.length === 0 ? /^([^.[\]"]+)/ : /^\.([^.[\]"]+)/).exec(rest);
    if (!match) return undefined;
    const segment = match[1]!;
    path.push(segment.startsWith('"') ? (JSON.parse(segment) as string) : segment);
    rest = rest.slice(match[0].length);
  }
  return path.length === 0 ? undefined : path;
}
