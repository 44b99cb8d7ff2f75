import { createHash } from 'node:crypto';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Programs that run the file named behind them. */
const interpreters =
  /^(?:bash|sh|dash|zsh|fish|node|tsx|ts-node|deno|bun|python[\d.]*|ruby|perl|php|lua|Rscript|pwsh|source|\.)$/;
/** Programs that run what a file of the working directory says, by that file. */
const runners: readonly (readonly [program: RegExp, files: readonly string[]])[] = [
  [/^(?:npm|pnpm|yarn|bun|npx)$/, ['package.json']],
  [/^(?:make|gmake)$/, ['Makefile', 'makefile', 'GNUmakefile']],
  [/^just$/, ['justfile', 'Justfile']],
];
const MAX_SCRIPT_BYTES = 5_000_000;

/**
 * The content of the scripts that a command would run, in one short text: an approval holds it, so that a script changed
 * since asks again. Empty when the command names none. Reads the words generously: a file too many asks once too often.
 */
export function scriptHash(command: string, cwd: string): string {
  const files = scriptsOf(command, cwd);
  if (files.length === 0) return '';
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(contentOf(file)).update('\0');
  return hash.digest('hex');
}

function scriptsOf(command: string, cwd: string): string[] {
  const words = command.split(/[\s;&|()<>'"`]+/).filter(Boolean);
  const files = new Set<string>();
  // A script may be named from where a `cd` leads.
  const folders = [cwd, ...words.flatMap((word, at) => (words[at - 1] === 'cd' ? [resolve(cwd, word)] : []))];
  for (const folder of folders) addScripts(files, words, folder);
  return [...files].sort();
}

function addScripts(files: Set<string>, words: readonly string[], cwd: string): void {
  let interpreted = false;
  for (const word of words) {
    const name = word.slice(word.lastIndexOf('/') + 1);
    for (const [program, run] of runners) {
      if (program.test(name))
        for (const file of run) if (isScript(join(cwd, file))) files.add(join(cwd, file));
    }
    const path = resolve(cwd, word);
    if (isScript(path) && (interpreted || (word.includes('/') && isExecutable(path) && !isSystem(path))))
      files.add(path);
    // Options stand between an interpreter and its script.
    if (!word.startsWith('-') || word === '-')
      interpreted = interpreters.test(name) || (interpreted && isOptionValue(word));
  }
}

/** `node --import x script.js`: the word behind an option may be its value, and the script comes later. */
function isOptionValue(word: string): boolean {
  return !/[./]/.test(word);
}

function isSystem(path: string): boolean {
  return /^\/(?:usr|bin|sbin|lib)\b/.test(path);
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.from('unreadable');
  }
}

function isScript(path: string): boolean {
  try {
    const stats = statSync(path);
    return stats.isFile() && stats.size <= MAX_SCRIPT_BYTES;
  } catch {
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
