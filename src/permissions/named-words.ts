import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { SimpleCommand } from '../shell/classify.js';
import { onlyRecords } from './looks-around.js';

/** Folders and paths beyond these are too many to look for. */
const MOST_FOLDERS = 16;
const MOST_PATHS = 2_000;

/**
 * The folders that the commands of a line may run in, absolute, the working folder first: a `cd`, or an option such as
 * `-C`, may lead on from each of them. `undefined` when there are too many to tell.
 */
export function foldersOf(commands: readonly SimpleCommand[], cwd: string): readonly string[] | undefined {
  const folders = new Set([cwd]);
  for (const word of commands.flatMap(leadsTo)) {
    for (const folder of [...folders]) folders.add(resolve(folder, word));
    if (folders.size > MOST_FOLDERS) return undefined;
  }
  return [...folders];
}

function leadsTo({ argv }: SimpleCommand): string[] {
  const at = argv.findIndex((word) => /^(?:cd|pushd)$/.test(word));
  if (at !== -1) return [argv.slice(at + 1).find((word) => !word.startsWith('-')) ?? homedir()];
  // Of these options only those of programs that nobody has vouched for lead anywhere.
  return argv.flatMap((word, index) => {
    if (/^(?:-C|--directory|--cwd|--prefix|--chdir)$/.test(word)) return argv.slice(index + 1, index + 2);
    const joined = /^(?:-C|--(?:directory|cwd|prefix|chdir)=)(.+)$/.exec(word)?.[1];
    return joined === undefined ? [] : [joined];
  });
}

/**
 * Every path that the words of commands may name, absolute: read generously, whole and in pieces, from each of the
 * folders. `undefined` when there are too many.
 */
export function pathsIn(
  commands: readonly SimpleCommand[],
  folders: readonly string[],
): readonly string[] | undefined {
  const words = commands.filter((command) => !onlyRecords(command)).flatMap(({ argv }) => argv);
  const pieces = new Set(words.flatMap(piecesOf));
  if (pieces.size * folders.length > MOST_PATHS) return undefined;
  return [...pieces].flatMap((piece) =>
    folders
      .map((folder) => resolve(folder, piece.replace(/^~(?=\/)/, homedir())))
      // A plain word is a path only where something has that name.
      .filter((path) => /[/.]/.test(piece) || existsSync(path)),
  );
}

function piecesOf(word: string): string[] {
  const value = word.slice(word.indexOf('=') + 1);
  const attached = /^-[A-Za-z](.+)$/.exec(word)?.[1] ?? '';
  return [word, value, attached, ...word.split(/[\s'"()<>|&;,=:@{}[\]]+/)].filter(Boolean);
}
