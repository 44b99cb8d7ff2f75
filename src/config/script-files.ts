import { readFileSync, type Stats, statSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';

/** Where the words of scripts may lead. */
export interface ScriptPlaces {
  /** The folders that a script may be started in, absolute. */
  readonly folders: readonly string[];
  /** No file outside of it is followed; a real path. */
  readonly root: string;
}

/** Nobody writes longer ones by hand: what is, is data. */
const MOST_BYTES = 256 * 1024;
const MOST_WORDS = 5_000;
const MOST_FOLDERS = 20;
/** Of what is run wherever it is named; a file of the project's own language is as often what a script checks. */
const scriptEnding = /\.(?:(?:ba|z|k|da|fi|c)?sh|awk|sed|jq|mk)$/i;
/** What runs or reads as code what stands behind it, whatever that is called. */
const runner =
  /(?:(?:^|\$\(|`)[\s({!]*(?:(?:then|do|else|if|while)\s+)*\.|(?:^|[\s({`"'/])(?:source|eval|exec|(?:ba|z|k|da|fi|c)?sh|python[\d.]*|node|tsx|ruby|perl|php|lua|deno|bun))["',\s]+(.*)$/;
const segments = /[\n;|&]+/;
const separators = /[\s'"`=:,;|&()<>[\]]+/;

/**
 * Files that a script in a language without imports by path may run, as far as its words name them: scripts by their ending,
 * texts that may be run, and whatever stands behind something that runs it. Data that it only reads is not among them.
 */
export function filesOfScript(file: string, content: Buffer, { folders }: ScriptPlaces): readonly string[] {
  if (content.length > MOST_BYTES || content.includes(0)) return [];
  const text = content.toString('utf8').replaceAll(/\\\r?\n/g, ' ');
  const changes = [...text.matchAll(/(?:^|[\s;|&(])cd\s+(?:--\s+)?["']?([^\s"';|&()]+)/g)].map(
    ([, to]) => to!,
  );
  const starts = [dirname(file), ...folders];
  const changed = starts.flatMap((from) => paths(changes, from));
  const bases = [...new Set([...starts, ...changed])].slice(0, MOST_FOLDERS);
  const parts = text.split(segments).map((part) => part.replaceAll(/>+\s*\S+/g, ''));
  const run = new Set(parts.flatMap((part) => runner.exec(part)?.[1]?.split(separators) ?? []));
  const words = [...new Set(text.split(separators))].filter((word) => word !== '').slice(0, MOST_WORDS);
  const modules = extname(file) === '.py' ? words.filter((word) => /^\.*\w+(?:\.\w+)*$/.test(word)) : [];
  return [
    ...words.flatMap((word) =>
      bases.flatMap((base) => paths([word], base).filter((path) => isRun(path, run.has(word)))),
    ),
    ...modules.flatMap((name) => {
      const path = resolve(dirname(file), name.replace(/^\.+/, '').replaceAll('.', '/'));
      return [`${path}.py`, `${path}/__init__.py`].filter((one) => isRun(one, true));
    }),
  ];
}

/** Where words lead; a variable at their beginning stands for a folder, which one nobody can tell. */
function paths(words: readonly string[], from: string): string[] {
  return words.flatMap((word) => {
    const rest = word.replace(/^\$(?:\w+|\{[^}]*\})?/, '');
    if (rest === '' || rest.includes('\0')) return [];
    return rest.startsWith('/') ? [resolve(rest), resolve(from, `.${rest}`)] : [resolve(from, rest)];
  });
}

function isRun(path: string, isNamedToRun: boolean): boolean {
  const stats = statsOf(path);
  if (!stats?.isFile()) return false;
  if (isNamedToRun || scriptEnding.test(path)) return true;
  // A program that is built is another one with each build.
  return (stats.mode & 0o111) !== 0 && stats.size <= MOST_BYTES && isText(path);
}

function isText(path: string): boolean {
  try {
    return !readFileSync(path).includes(0);
  } catch {
    return false;
  }
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // A name that is too long, or a folder that may not be entered.
    return undefined;
  }
}
