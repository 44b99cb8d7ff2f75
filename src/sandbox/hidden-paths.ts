import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { isInside } from '../config/workspace-root.js';
import type { MaskedPath } from './sandbox.js';

/** Other people's files and what is left lying about; /run and the temporary folders also hold sockets of services. */
const hiddenFolders = ['/tmp', '/var/tmp', '/run', '/home', '/root', '/Users'];

/** Where tools are installed in a home; without them a command that works outside would not be found inside. */
const toolFolders = [
  ...[
    '.nvm/versions',
    '.volta',
    '.fnm',
    '.asdf',
    '.pyenv',
    '.rbenv',
    '.sdkman/candidates',
    '.rustup',
    '.bun/bin',
  ],
  ...[
    '.cargo/bin',
    '.cargo/registry',
    '.deno/bin',
    '.local/bin',
    '.local/lib',
    '.local/share/mise',
    '.nix-profile',
  ],
  ...[
    '.local/share/fnm',
    '.local/pipx',
    'go/bin',
    'go/pkg',
    '.gitconfig',
    '.config/git/config',
    '.config/git/ignore',
  ],
];
/** The files that say which name server to ask, and not the folder with the sockets that would be asked. */
const elsewhere = [
  ...['/home/linuxbrew/.linuxbrew', '/run/current-system'],
  ...[
    '/run/systemd/resolve/stub-resolv.conf',
    '/run/systemd/resolve/resolv.conf',
    '/run/NetworkManager/resolv.conf',
  ],
];

/** Keys, tokens and what was typed, for a home that is itself the workspace. */
const secretPaths = [
  ...[
    '.ssh',
    '.gnupg',
    '.aws',
    '.azure',
    '.kube',
    '.docker',
    '.config/gcloud',
    '.config/gh',
    '.config/hub',
    '.config/op',
  ],
  ...[
    '.netrc',
    '.npmrc',
    '.pypirc',
    '.git-credentials',
    '.config/git/credentials',
    '.password-store',
    '.pgpass',
    '.my.cnf',
    '.yarnrc.yml',
  ],
  ...[
    '.local/share/keyrings',
    '.cargo/credentials',
    '.cargo/credentials.toml',
    '.terraform.d',
    '.vault-token',
  ],
  ...[
    '.mozilla',
    '.config/google-chrome',
    '.config/chromium',
    '.bash_history',
    '.zsh_history',
    '.python_history',
  ],
];

/** Every home this user may have: what the environment says, which may be wrong, and what the system says. */
function homes(environment: NodeJS.ProcessEnv): string[] {
  const names = [environment.HOME, systemHome()].filter((one) => one?.startsWith('/'));
  return existing([...new Set(names as string[])]).filter((one) => one !== '/');
}

function systemHome(): string | undefined {
  try {
    return userInfo().homedir;
  } catch {
    // A user id without an entry in the system's list, as in some containers.
    return undefined;
  }
}

export function hiddenPaths(environment: NodeJS.ProcessEnv): string[] {
  return existing([...hiddenFolders, ...homes(environment)]).filter((path) => statSync(path).isDirectory());
}

/** What tools need of the hidden folders, read-only. */
export function toolPaths(environment: NodeJS.ProcessEnv): string[] {
  const inHome = homes(environment).flatMap((home) =>
    // A link would show what it points at, under its own name.
    toolFolders.map((name) => join(home, name)).filter((path) => !isLink(path)),
  );
  return existing([...inHome, ...elsewhere]);
}

/** What holds secrets although its folder can be seen. */
export function maskedPaths(
  environment: NodeJS.ProcessEnv,
  own: readonly string[],
  visible: readonly string[],
): MaskedPath[] {
  const secrets = homes(environment).flatMap((home) => secretPaths.map((name) => join(home, name)));
  const inSight = existing(secrets).filter((path) => visible.some((folder) => isInside(path, folder)));
  return existing([...inSight, ...own]).map((path) => ({ path, isFolder: statSync(path).isDirectory() }));
}

/**
 * The repository that a worktree or submodule belongs to, when it lies elsewhere. Only what looks like one and knows of this
 * folder counts: an archive could name somebody else's there, and a command would find it open.
 */
export function repositoryElsewhere(folder: string): string[] {
  const marker = join(folder, '.git');
  try {
    if (!lstatSync(marker).isFile()) return [];
    const target = /^gitdir: (.+)$/m.exec(readFileSync(marker, 'utf8'))?.[1];
    if (target === undefined) return [];
    const directory = realpathSync.native(resolve(folder, target));
    const kind = basename(dirname(directory));
    if (!existsSync(join(directory, 'HEAD')) || (kind !== 'worktrees' && kind !== 'modules')) return [];
    const repository = dirname(dirname(directory));
    if (!knows(kind === 'worktrees' ? directory : repository, realpathSync.native(folder))) return [];
    return existsSync(join(repository, 'HEAD')) ? [repository] : [directory];
  } catch {
    return [];
  }
}

/** Whether the folder lies where the repository, a worktree's part of one, or what holds it as a module has its files. */
function knows(repository: string, folder: string): boolean {
  const back = join(repository, 'gitdir');
  if (existsSync(back)) {
    const marker = resolve(repository, readFileSync(back, 'utf8').trim());
    return isInside(folder, realpathSync.native(dirname(marker)));
  }
  if (basename(repository) === '.git') return isInside(folder, dirname(repository));
  return basename(dirname(repository)) === 'modules' && knows(dirname(dirname(repository)), folder);
}

/** Real paths of what is there, each once. */
export function existing(paths: readonly string[]): string[] {
  const real = paths.flatMap((path) => {
    try {
      return [realpathSync.native(path)];
    } catch {
      return [];
    }
  });
  return [...new Set(real)];
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}
