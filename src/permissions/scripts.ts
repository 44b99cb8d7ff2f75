import { createHash } from 'node:crypto';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { classifyCommand, type SimpleCommand } from '../shell/classify.js';
import { onlyRecords } from './looks-around.js';

/** Programs that run the file named behind them. */
const interpreters =
  /^(?:bash|sh|dash|zsh|fish|node|tsx|ts-node|deno|bun|python[\d.]*|ruby|perl|php|lua|Rscript|pwsh|source|\.)$/;
/** Programs that run what a file of the working directory says, by that file. */
const runners: readonly (readonly [program: RegExp, files: readonly string[]])[] = [
  [/^(?:npm|pnpm|yarn|bun|npx)$/, ['package.json']],
  [/^(?:make|gmake)$/, ['Makefile', 'makefile', 'GNUmakefile']],
  [/^just$/, ['justfile', 'Justfile']],
];
/** Programs that run files which nobody names. */
const unnamedRunners = /^(?:task|go-task|pytest|py\.test|tox|nox|rake|ninja)$/;
/** Programs that only move, make or change what they are given: their words are no scripts. */
const movers = /^(?:touch|mkdir|rmdir|rm|chmod|cd|echo|printf|true)$/;
/** What they put in a place may be run from there by the rest of a line, so that they count alone only. */
const copiers = /^(?:cp|mv|ln)$/;
/** What stands before the folder that the rest is looked for in. */
const leading = /^(?:cd|pushd|-C|--prefix|--cwd|--dir|--directory)$/;
/** A larger one is known by its size and when it was changed. */
const MAX_SCRIPT_BYTES = 5_000_000;
/** Words and folders beyond these are too many to look for: such a command is approved each time. */
const MOST_WORDS = 1_000;
const MOST_FOLDERS = 8;
const separators = /[\s;&|()<>'"`]+/;

export interface Scripts {
  /** Absolute paths, in order. */
  readonly files: readonly string[];
  /** Of all of them with their content, in one short text; empty when there are none. */
  readonly hash: string;
  /** It may run others that nobody can name. */
  readonly unnamed: boolean;
}

/**
 * The scripts that a command would run, as they are: an approval holds them, so that a script changed since asks again.
 * Reads the words generously: a file too many asks once too often. `undefined` when there are too many words to tell.
 */
export function scriptsOf(command: string, cwd: string): Scripts | undefined {
  const words = command.split(separators, MOST_WORDS + 1);
  const folders = [...new Set([cwd, ...words.flatMap((word, at) => ledTo(word, words[at - 1], cwd))])];
  if (words.length > MOST_WORDS || folders.length > MOST_FOLDERS) return undefined;
  const found = new Set<string>();
  const mayRun = wordsThatMayRun(command);
  for (const folder of folders) {
    addScripts(found, words.filter(Boolean), folder);
    addNamed(found, mayRun, folder);
  }
  const files = [...found].sort();
  const unnamed = runsUnnamed(words.filter(Boolean));
  if (files.length === 0) return { files, hash: '', unnamed };
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(contentOf(file)).update('\0');
  return { files, hash: hash.digest('hex'), unnamed };
}

/** Where a redirection writes: what is only written is not run. */
const written = /\d*>{1,2}\|?\s*[^\s;&|<>()'"`]+/g;

/** Of what cannot be read exactly every word but those; else those of commands that do more than read or move files. */
function wordsThatMayRun(command: string): readonly string[] {
  const { exact, commands } = classifyCommand(command);
  return exact
    ? commands.filter((one) => !isHarmless(one, commands.length === 1)).flatMap(({ argv }) => argv.slice(1))
    : command.replace(written, ' ').split(separators);
}

function isHarmless(command: SimpleCommand, alone: boolean): boolean {
  const name = command.argv[0] ?? '';
  const moves = movers.test(name) || (alone && copiers.test(name));
  return command.verdict === 'allow' || moves || onlyRecords(command);
}

/** `make -f x.mk`, `awk -f x`, `--config=x`: the file of a program's that nobody knows may be what it runs. */
function addNamed(files: Set<string>, words: readonly string[], cwd: string): void {
  for (const word of words) {
    const attached = /^-[A-Za-z](.+)$/.exec(word)?.[1] ?? word;
    for (const name of [word, attached, word.slice(word.indexOf('=') + 1)]) {
      const path = resolve(cwd, name);
      if (name !== '' && isScript(path) && !isSystem(path)) files.add(path);
    }
  }
}

function runsUnnamed(words: readonly string[]): boolean {
  return words.some((word, at) => {
    const name = word.slice(word.lastIndexOf('/') + 1);
    if (unnamedRunners.test(name)) return true;
    return /^python[\d.]*$/.test(name) && words.slice(at + 1).some((one) => /^-[A-Za-z]*m/.test(one));
  });
}

/** A script may be named from where a `cd` or an option leads. */
function ledTo(word: string, before: string | undefined, cwd: string): string[] {
  if (before !== undefined && leading.test(before)) return [resolve(cwd, word)];
  const [option, folder] = word.split('=', 2);
  return folder && leading.test(option!) ? [resolve(cwd, folder)] : [];
}

function addScripts(files: Set<string>, words: readonly string[], cwd: string): void {
  let interpreted = false;
  for (const [at, word] of words.entries()) {
    // The folder of a `cd .` is no program.
    if (leading.test(words[at - 1] ?? '')) continue;
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
    const { size, mtimeMs, ctimeMs, ino } = statSync(file);
    if (size > MAX_SCRIPT_BYTES) return Buffer.from([size, mtimeMs, ctimeMs, ino].join(' '));
    return readFileSync(file);
  } catch {
    return Buffer.from('unreadable');
  }
}

function isScript(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
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
