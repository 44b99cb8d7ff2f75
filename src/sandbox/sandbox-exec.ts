import { runProcess } from '../tools/run-process.js';
import type { Limits, Sandbox, SandboxState } from './sandbox.js';

const program = '/usr/bin/sandbox-exec';
const PROBE_TIMEOUT_MS = 5_000;

/**
 * Confines by the sandbox-exec of macOS. Unverified: the profile is tested as text only. It cannot hide other processes
 * or give a private /tmp, and it ends nothing when a command ends.
 */
export function createSandboxExec(environment: NodeJS.ProcessEnv): Sandbox {
  return {
    name: 'sandbox-exec',
    probe: () => probe(environment),
    deniesByMount: false,
    wrap: (argv, limits) => ({ argv: [program, '-p', sandboxProfile(limits), ...argv] }),
  };
}

/** The profile in Apple's language. Of several rules that fit, the last one counts. */
export function sandboxProfile({
  writable,
  readable,
  hidden,
  masked,
  readOnly,
  denied,
  pinned,
  network,
}: Limits): string {
  const folders = (paths: readonly string[]) => paths.map((path) => `(subpath ${quoted(path)})`).join(' ');
  const rule = (verdict: string, paths: readonly string[]) =>
    paths.length === 0 ? [] : [`(${verdict} ${folders(paths)})`];
  const itself = pinned.map((path) => `(literal ${quoted(path)})`).join(' ');
  return [
    '(version 1)',
    '(allow default)',
    ...(network ? [] : ['(deny network*)']),
    '(deny file-write*)',
    '(deny mach-lookup (global-name "com.apple.SecurityServer") (global-name "com.apple.coreservices.launchservicesd"))',
    '(deny signal)',
    '(allow signal (target same-sandbox))',
    ...rule('deny file-read*', hidden),
    ...rule('allow file-read*', readable),
    ...rule('allow file-read* file-write*', writable),
    '(allow file-write* (literal "/dev/null") (literal "/dev/zero") (literal "/dev/stdout") (literal "/dev/stderr"))',
    ...(itself === '' ? [] : [`(deny file-write-unlink ${itself})`]),
    ...rule('deny file-write*', [...readOnly, ...denied]),
    ...rule(
      'deny file-read* file-write*',
      masked.map(({ path }) => path),
    ),
  ].join('\n');
}

function quoted(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

async function probe(environment: NodeJS.ProcessEnv): Promise<SandboxState> {
  const { exitCode } = await runProcess({
    command: [program, '-p', '(version 1)(allow default)(deny network*)', '/bin/sh', '-c', 'echo ready'],
    cwd: '/',
    environment,
    timeoutMs: PROBE_TIMEOUT_MS,
  });
  if (exitCode === 0) return { status: 'active', backend: 'sandbox-exec (unverified)' };
  return {
    status: 'missing',
    reason: 'sandbox-exec does not work here',
    advice: 'It comes with macOS; a process that is confined already cannot use it.',
  };
}
