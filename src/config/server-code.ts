import { readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { variableOrDefault } from '../core/variable-reference.js';
import { codeHash, type Following } from './code-hash.js';
import type { McpServerSetting, ProgramServer } from './mcp-settings.js';
import { isPlainObject } from './plain.js';
import { findWorkspaceRoot, isInside, realDirectory } from './workspace-root.js';

/** More words than a command line has that anybody wrote. */
const MOST_WORDS = 2_000;
const MAX_PACKAGE_BYTES = 1024 * 1024;
/** What programs add to a name that is no file. */
const endings = ['', '.js', '.mjs', '.cjs', '.ts', '.json', '.py', '.sh'];
/** What runs of a folder that is named in place of a file, beside what its package.json says. */
const mainFiles = ['package.json', 'index.js', 'index.mjs', 'index.ts', '__main__.py'];
/** The first word of these is a package; what is behind it is for its program, which gets folders to work in. */
const runsPackages = /^(?:npx|bunx|pnpx)$/;

/**
 * Hashes of the files that a server's definition names, seen from the folder that it is started in: a program that changed
 * is another one. A file may be a whole word of the command line or of a variable, a part of it (`--import=./a.mjs`,
 * `sh -c "node a.mjs"`), or stand for a variable that is not set. `undefined` when it is too much to tell one state of it
 * from another. Empty for an address.
 */
export function serverCode(
  server: McpServerSetting,
  folder: string,
  following?: Following,
): readonly string[] | undefined {
  if (!('command' in server)) return [];
  const files = filesNamed(server, server.cwd ?? folder);
  if (files === undefined) return undefined;
  const hashes = files.map((file) => codeHash(file, following) ?? stateOutside(file, folder));
  return hashes.every((hash) => hash !== undefined) ? hashes : undefined;
}

/** Of a large program that is installed elsewhere, such as Node: when it was last changed, which no program can set. */
function stateOutside(file: string, folder: string): string | undefined {
  try {
    if (isInside(realpathSync.native(file), findWorkspaceRoot(realDirectory(folder)))) return undefined;
    const { dev, ino, size, ctimeNs } = statSync(file, { bigint: true });
    return [file, dev, ino, size, ctimeNs].join(':');
  } catch {
    return undefined;
  }
}

function filesNamed(
  { command, args = [], env = {} }: ProgramServer,
  folder: string,
): readonly string[] | undefined {
  const files = new Set<string>();
  let words = 0;
  let mayRunFolders = true;
  for (const word of [command, ...args, ...Object.values(env)]) {
    for (const part of partsOf(word)) {
      words += 1;
      if (words > MOST_WORDS) return undefined;
      for (const file of filesOf(resolve(folder, part), mayRunFolders)) files.add(file);
    }
    if (runsPackages.test(basename(command)) && word !== command && isPackage(word)) mayRunFolders = false;
  }
  return [...files];
}

/** A word, with what stands for variables in it, and what in it could be a word of its own. */
function partsOf(word: string): ReadonlySet<string> {
  // A variable at the beginning of a path names a folder: that one, as far as can be told.
  const wholes = ['', '.'].map((unset) =>
    word.replace(variableOrDefault, (_, __, otherwise?: string) => otherwise || unset),
  );
  const parts = wholes.flatMap((whole) => [
    whole,
    ...whole.split(/[\s'"`=:,;|&()<>]+/),
    // An option and its value in one: `-r./a.js`.
    ...(/^-[A-Za-z]./.test(whole) ? [whole.slice(2)] : []),
  ]);
  return new Set(parts.filter((part) => part !== '' && !part.includes('\0')));
}

function isPackage(word: string): boolean {
  return !word.startsWith('-') && !/^[./~$]/.test(word);
}

function filesOf(path: string, mayRunFolders: boolean): readonly string[] {
  const files = endings.map((ending) => `${path}${ending}`).filter((file) => kindOf(file) === 'file');
  if (!mayRunFolders || kindOf(path) !== 'folder') return files;
  const mains = [...mainFiles.map((name) => join(path, name)), ...programsOf(path)];
  return [...files, ...mains.flatMap((file) => filesOf(file, false))];
}

/** What the package of a folder says that runs of it. */
function programsOf(folder: string): readonly string[] {
  const manifest = join(folder, 'package.json');
  try {
    if ((statSync(manifest, { throwIfNoEntry: false })?.size ?? 0) > MAX_PACKAGE_BYTES) return [];
    const content: unknown = JSON.parse(readFileSync(manifest, 'utf8').replace(/^\uFEFF/, ''));
    if (!isPlainObject(content)) return [];
    const { main, bin } = content;
    const named = [main, ...(isPlainObject(bin) ? Object.values(bin) : [bin])];
    return named
      .filter((one) => typeof one === 'string')
      .flatMap((one) => [resolve(folder, one), join(resolve(folder, one), 'index.js')]);
  } catch {
    return [];
  }
}

function kindOf(path: string): 'file' | 'folder' | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() ? 'file' : stats?.isDirectory() ? 'folder' : undefined;
  } catch {
    // A name that is too long, or a folder that may not be entered.
    return undefined;
  }
}
