import { join } from 'node:path';
import { runProcess } from '../tools/run-process.js';
import type { Limits, Sandbox, SandboxState } from './sandbox.js';

/**
 * Namespaces of its own for everything, so no network, no other process, no shared memory and no abstract socket; a
 * session of its own, so that nothing can be typed into a terminal; no capability even for root; and an end that comes
 * with the end of whoever started it, for every process inside.
 */
const isolation = ['--unshare-all', '--new-session', '--die-with-parent', '--cap-drop', 'ALL'];
/** Root without a capability could still write kernel settings, since their files belong to it. */
const kernel = ['sys', 'sysrq-trigger', 'fs', 'acpi', 'scsi', 'mtrr'].map((name) => `/proc/${name}`);
const system = [
  ...['--dev', '/dev', '--proc', '/proc'],
  ...kernel.flatMap((path) => ['--ro-bind-try', path, path]),
];
const PROBE_TIMEOUT_MS = 5_000;

/** Confines by bubblewrap, at `program`. It sets "no new privileges" itself, so setuid programs gain nothing. */
export function createBubblewrap(program: string, environment: NodeJS.ProcessEnv): Sandbox {
  return {
    name: 'bubblewrap',
    probe: () => probe(program, environment),
    deniesByMount: true,
    wrap: (argv, limits) => ({
      argv: [program, ...flags(limits), '--', ...argv],
      texts: limits.denied.map(() => passOver),
      byForce: true,
    }),
  };
}

function flags(limits: Limits): string[] {
  const { cwd, masked, readOnly, network } = limits;
  // A mount covers what lies below it.
  const pinned = [...new Set(limits.pinned)].sort((one, other) => one.length - other.length);
  return [
    ...isolation,
    ...(network ? ['--share-net'] : []),
    ...(limits.writable.includes('/') ? ['--bind', '/', '/'] : ['--ro-bind', '/', '/']),
    ...system,
    ...foldersOf(limits),
    ...pinned.flatMap((path) => ['--bind', path, path]),
    ...limits.denied.flatMap(heldFolder),
    ...readOnly.flatMap((path) => ['--ro-bind', path, path]),
    ...masked.flatMap(({ path, isFolder }) =>
      isFolder ? ['--tmpfs', path, '--remount-ro', path] : ['--ro-bind', '/dev/null', path],
    ),
    ...['--setenv', 'TMPDIR', '/tmp', '--chdir', cwd],
  ];
}

/** For git, which would otherwise remove such a folder with "git clean" or "git stash -u", and fail. */
const passOver = '# A command cannot make anything of this name. Write can, after asking the user.\n*\n';

/**
 * A folder of its own, because each bind makes bubblewrap read the list of all mounts once more. Sticky, by which a Victor
 * inside knows that it holds a name; what a command made in it after changing its mode would be gone with it.
 */
function heldFolder(path: string, index: number): string[] {
  const [folder, file] = [
    ['--perms', '1555', '--tmpfs', path],
    ['--perms', '0444', '--file', String(3 + index), join(path, '.gitignore')],
  ] as const;
  return [...folder, ...file];
}

/** A mount covers what lies below it, so outer folders come first; of two for one folder the more open one counts. */
function foldersOf({ hidden, readable, writable }: Limits): string[] {
  const mounts = new Map<string, string[]>();
  for (const path of hidden) mounts.set(path, ['--tmpfs', path]);
  // What may be read may be gone by now: folders of long outputs come and go.
  for (const path of readable) mounts.set(path, ['--ro-bind-try', path, path]);
  for (const path of writable) mounts.set(path, ['--bind', path, path]);
  mounts.delete('/');
  return [...mounts].sort(([one], [other]) => one.length - other.length).flatMap(([, mount]) => mount);
}

async function probe(program: string, environment: NodeJS.ProcessEnv): Promise<SandboxState> {
  const result = await runProcess({
    command: [
      program,
      ...isolation,
      '--ro-bind',
      '/',
      '/',
      ...system,
      '--perms',
      '1777',
      '--tmpfs',
      '/tmp',
      '/bin/sh',
      '-c',
      'echo ready',
    ],
    cwd: '/',
    environment,
    timeoutMs: PROBE_TIMEOUT_MS,
    separateErrors: true,
  });
  if (result.exitCode === 0 && result.output.head.toString() === 'ready\n') {
    return { status: 'active', backend: 'bubblewrap' };
  }
  const said = result.errorOutput?.head.toString().trim().split('\n')[0] || 'it did not answer';
  return {
    status: 'missing',
    reason: `bubblewrap does not work here (${result.failure?.message ?? said})`,
    advice: 'Allow unprivileged user namespaces; in a container, start it with the rights to make them.',
  };
}
