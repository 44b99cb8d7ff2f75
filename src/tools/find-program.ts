import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, relative, sep } from 'node:path';

const usualDirectories = ['/usr/local/bin', '/usr/bin', '/bin', '/opt/homebrew/bin'];

/**
 * The absolute path of a program that Victor itself needs, or `undefined`. Looks through PATH, but never into
 * the workspace, a relative entry or a `node_modules/.bin` (which npx puts first): a repository must not be
 * able to bring its own `git`. An empty PATH means the usual system directories.
 */
export function findProgram(
  name: string,
  searchPath: string | undefined,
  workspace: string,
): string | undefined {
  for (const entry of trustedDirectories(searchPath, workspace)) {
    const candidate = join(entry, name);
    if (isExecutable(candidate)) return candidate;
  }
  return undefined;
}

/** The folders of a PATH that a repository cannot fill. */
export function trustedDirectories(searchPath: string | undefined, workspace: string): string[] {
  const entries = searchPath ? searchPath.split(delimiter) : usualDirectories;
  return entries.filter(
    (entry) =>
      isAbsolute(entry) && !entry.endsWith(join('node_modules', '.bin')) && !isInside(entry, workspace),
  );
}

function isInside(directory: string, workspace: string): boolean {
  // A session started in the root or in a folder above the system directories would find nothing at all.
  if (workspace === sep) return false;
  const path = relative(workspace, directory);
  return path === '' || (path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
