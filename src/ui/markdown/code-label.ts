/** Names that say no more than that it is text. */
const nothing = new Set(['text', 'txt', 'plain', 'plaintext', 'none']);
const named = /\b(?:title|file|filename|path)=(?:"([^"]*)"|'([^']*)'|([^\s}]+))/i;
/** `12:40:src/a.ts`, lines of a file. */
const place = /^(\d+):(\d+):(.+)$/;

/**
 * What a code fence says of its code, for the row above it: the language without what is only meant for a renderer, and the
 * file. Empty where it says neither.
 */
export function codeLabel(info: string): string {
  const [, from, to, of] = place.exec(info.trim()) ?? [];
  if (of !== undefined) return `${of} · ${from}-${to}`;
  const language = codeLanguage(info);
  const [, double, single, bare] = named.exec(info) ?? [];
  const file = double ?? single ?? bare ?? fileBehindColon(info);
  return [nothing.has(language.toLowerCase()) ? '' : language, file]
    .filter((part) => part !== '')
    .join(' · ');
}

/** The language that a code fence names: `ts`, `{.python}`, `rust,ignore`, `js{1,3}` and `ts:src/a.ts` name one. */
export function codeLanguage(info: string): string {
  const [first = ''] = info.replace(/^[\s{.]+/, '').split(/[\s,:{}]/, 1);
  return /=/.test(first) ? '' : first;
}

function fileBehindColon(info: string): string {
  const [, file = ''] = /^[\w+#-]+:(\S+)/.exec(info.trim()) ?? [];
  return file;
}
