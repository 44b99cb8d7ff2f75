import { resolve } from 'node:path';
import { folderContents, linesOf } from '../config/folder-contents.js';
import { victorPaths } from '../config/paths.js';
import { listTrusted, revokeTrust, trustFolder } from '../config/trust.js';
import { findWorkspaceRoot, realDirectory } from '../config/workspace-root.js';
import { sanitize } from '../ui/sanitize.js';
import { type CommandLine, notice } from './command-line.js';
import { workDirectory } from './work-directory.js';

export interface TrustOptions {
  readonly list?: true;
  readonly revoke?: true;
  readonly force?: true;
}

/** Trust is of a whole workspace: the repository around the directory, else the directory itself. */
export async function trust(
  directory: string | undefined,
  options: TrustOptions,
  cli: CommandLine,
): Promise<void> {
  const paths = victorPaths(cli.environment);
  if (options.list) {
    const folders = await listTrusted(paths);
    if (folders.length === 0) notice(cli, 'no folder is trusted. victor trust in a folder does it.');
    return cli.stdout.write(folders.map((one) => `${sanitize(one.directory)}\n`).join(''));
  }
  if (options.revoke) {
    // A folder that is gone can still be forgotten.
    const named = directory === undefined ? rootOf(undefined) : resolve(directory);
    const forgotten = (await revokeTrust(named, paths)) || (await revokeTrust(rootOr(named), paths));
    return notice(cli, forgotten ? `${named} is no longer trusted` : `${named} was not trusted`);
  }
  const root = rootOf(directory);
  const contents = await folderContents({
    cwd: realDirectory(directory ?? '.'),
    environment: cli.environment,
  });
  const { items, prompts } = contents;
  await trustFolder(root, paths, items, options);
  for (const { file, text } of linesOf(contents)) notice(cli, `${file}: ${text}`);
  const what =
    items.length + prompts.length === 0 ? 'nothing in it waits to be loaded now' : 'this loads from now on';
  notice(cli, `${root} is trusted: ${what}, and what is new or changed later is asked again`);
}

function rootOf(directory: string | undefined): string {
  const advice = 'Change to a folder that you can read, or name one: victor trust DIRECTORY.';
  return findWorkspaceRoot(realDirectory(workDirectory(directory, advice)));
}

function rootOr(directory: string): string {
  try {
    return rootOf(directory);
  } catch {
    return directory;
  }
}
