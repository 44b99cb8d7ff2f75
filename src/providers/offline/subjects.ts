/** The things a request names outright, as opposed to the words it asks with. Each list is in order of appearance. */
export interface Subjects {
  /** Paths and file names, without a line number: `src/index.ts`, `package.json`, `docs/`. */
  readonly paths: readonly string[];
  readonly globs: readonly string[];
  /** Text in quotes or backticks that is none of the other kinds. */
  readonly quoted: readonly string[];
  /** camelCase, PascalCase, snake_case, CONSTANT_CASE, dotted names, `call()` and `--flags`. */
  readonly identifiers: readonly string[];
  /** What looks like a regular expression, ready for a search. */
  readonly patterns: readonly string[];
  /** The request without all of these. */
  readonly rest: string;
}

const QUOTED =
  /`([^`\n]{1,200})`|"([^"\n]{1,200})"|“([^”\n]{1,200})”|(?<![\p{L}\p{N}])'([^'\n]{2,200})'(?![\p{L}\p{N}])/gu;
const SLASHED_PATTERN = /(?<![\w/.])\/((?:[^/\n\\]|\\.)+)\/[gimsuy]{0,6}(?=[\s?!.,;]|$)/g;
const FILE_EXTENSION =
  /\.(?:[cm]?[jt]sx?|json[c5l]?|ya?ml|toml|md|mdx|rst|txt|py|pyi|go|rs|rb|java|kt|kts|scala|swift|c|h|cc|cpp|hpp|cs|fs|php|pl|lua|ex|exs|erl|hs|clj|dart|r|sh|bash|zsh|fish|ps1|sql|graphql|proto|css|scss|less|html?|vue|svelte|xml|ini|cfg|conf|env|lock|gradle|tf|mod|sum|csv|log|ipynb|svg|diff|patch)$/i;
const BARE_FILE =
  /^(?:Makefile|Dockerfile|Rakefile|Gemfile|Procfile|Justfile|CMakeLists\.txt|LICENSE|README|CHANGELOG|CONTRIBUTING)$/;
/** Names of products and languages that only look like files: they are words of the question. */
const NOT_A_FILE = /^(?:node|next|vue|react|express|three|d3|nest|deno|bun|backbone|ember)\.js$|^asp\.net$/i;

export function findSubjects(request: string): Subjects {
  const found = { paths: [] as string[], globs: [] as string[], quoted: [] as string[] };
  const identifiers: string[] = [];
  const patterns: string[] = [];
  const add = (list: string[], text: string) => {
    if (!list.includes(text)) list.push(text);
  };

  const classify = (token: string): boolean => {
    if (/^[a-z]+:\/\//i.test(token)) return true;
    if (isGlob(token)) add(found.globs, token);
    else if (isPath(token)) add(found.paths, token.replace(/:\d+(?:[-:]\d+)?$/, '').replace(/^@/, ''));
    else if (isPattern(token)) add(patterns, token);
    else if (isIdentifier(token)) add(identifiers, token.replace(/\(.*$/, ''));
    else return false;
    return true;
  };

  const unquoted = request
    .replace(SLASHED_PATTERN, (whole: string, source: string) => {
      // `/src/` and `/usr/` are paths: a pattern has something that no plain path has.
      if (!/[\\^$*+?|()[\]{}]/.test(source)) return whole;
      add(patterns, source);
      return ' ';
    })
    .replace(QUOTED, (_whole, ...groups: unknown[]) => {
      const text = String(groups.slice(0, 4).find((group) => group !== undefined)).trim();
      if (text === '') return ' ';
      if (/\s/.test(text) || !classify(text)) add(found.quoted, text);
      return ' ';
    });

  const rest = unquoted
    .split(/\s+/)
    .map((token) => {
      const bare = withoutPunctuation(token);
      const called = /^[\w$.#]+\(\)/.test(token) ? token.replace(/\(\).*$/, '()') : bare;
      return called !== '' && classify(called) ? ' ' : token;
    })
    .join(' ');

  return { ...found, identifiers, patterns, rest };
}

/** Without brackets and marks around it; a bracket that belongs to the token, as in `*.{js,ts}`, stays. */
function withoutPunctuation(token: string): string {
  const open = token.replace(/^[([{<"'`]+(?=[^\s])/, '');
  const ended = open.replace(/["'`,;:!?.]+$/, '');
  return /[([{<]/.test(ended) ? ended : ended.replace(/[\])}>"'`,;:!?.]+$/, '');
}

function isGlob(token: string): boolean {
  if (!/^[\w@.*?{}[\],!/-]+$/.test(token)) return false;
  return (
    /\*/.test(token) &&
    /[/.]|^\*|\*$/.test(token) &&
    !/\.\*|\*\*\*|[)(]/.test(token.replace(/\*\*\/|\.\*$/g, ''))
  );
}

function isPath(token: string): boolean {
  const path = token.replace(/:\d+(?:[-:]\d+)?$/, '').replace(/^@/, '');
  if (!/^[\p{L}\p{N}\p{M}_@.~+%/[\]()-]+$/u.test(path) || NOT_A_FILE.test(path)) return false;
  if (BARE_FILE.test(path)) return true;
  if (FILE_EXTENSION.test(path)) return !/^\.[a-z]+$/i.test(path) || path === '.env';
  if (/^\.[\w-]+(?:\/|$)/.test(path) && path.length > 2) return true;
  // One slash between words is often just "and/or": a folder ends with a slash, starts with a dot or has two levels.
  return (
    /^(?:\.{1,2}\/|~\/|\/)[^/]/.test(path) ||
    /^[^/]+\/$/.test(path) ||
    /^[\w.@-]+(?:\/[\w.@-]+){1,}\/?$/.test(path)
  );
}

function isPattern(token: string): boolean {
  return (
    /\\[wdsbWDSB]|\.\*|\.\+|\[\^?[a-zA-Z0-9]-[a-zA-Z0-9]\]|\(\?[:=!]|^\^.|.\$$/.test(token) &&
    token.length > 2
  );
}

function isIdentifier(token: string): boolean {
  if (/^--[a-z][\w-]*$/.test(token)) return true;
  if (!/^[#$]?[\p{L}_][\p{L}\p{N}_$.]*(?:\(\))?$/u.test(token)) return false;
  if (token.endsWith('()')) return true;
  const name = token.replace(/^[#$]/, '');
  if (/^(?:e\.g|i\.e|etc|vs)\.?$/i.test(name) || NOT_A_FILE.test(name)) return false;
  return (
    /\p{Ll}\p{Lu}/u.test(name) ||
    /[\p{L}\p{N}]_[\p{L}\p{N}]/u.test(name) ||
    /^_+[\p{L}]/u.test(name) ||
    /\p{Lu}{2,}\p{Ll}{2,}/u.test(name) ||
    /^[\p{L}_][\p{L}\p{N}_]+(?:\.[\p{L}_][\p{L}\p{N}_]+)+$/u.test(name)
  );
}
