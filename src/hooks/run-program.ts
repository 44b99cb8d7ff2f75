import { type ChildProcess, spawn } from 'node:child_process';
import { findProgram } from '../tools/find-program.js';
import { holdGroup, releaseGroup, signalGroup } from '../tools/process-group.js';

export interface ProgramOptions {
  /** Absolute. */
  readonly cwd: string;
  /** All that it gets. */
  readonly environment: Readonly<Record<string, string>>;
  /** The user's PATH, to find bash by. */
  readonly searchPath: string | undefined;
  /** Goes to standard input. */
  readonly input: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface ProgramResult {
  /** `undefined` where it did not end by itself. */
  readonly code?: number;
  /** Why it did not, in words that follow "it". */
  readonly problem?: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** More is not read: whoever prints on and on is ended. */
const MOST_BYTES = 256 * 1024;
/** How long the last of an output may take to come after the end of what printed it. */
const LAST_OUTPUT_MS = 500;

/**
 * Runs a command line to its end in a process group of its own, with everything that it starts. Never rejects. An abort ends it
 * at once, and the result then says so.
 */
export async function runProgram(command: string, options: ProgramOptions): Promise<ProgramResult> {
  const { cwd, environment, searchPath, input, timeoutMs, signal } = options;
  if (signal.aborted) return { problem: 'was not begun', stdout: '', stderr: '' };
  const bash = findProgram('bash', searchPath, cwd);
  // Bash takes a socket as its input for a login from afar, and would read the user's .bashrc each time.
  const argv = bash ? [bash, '--noprofile', '--norc', '-c', command] : ['/bin/sh', '-c', command];
  let child: ChildProcess;
  try {
    // A group of its own, so that all of it can be ended, and no keys of the terminal reach it.
    child = spawn(argv[0]!, argv.slice(1), { cwd, env: environment, stdio: 'pipe', detached: true });
  } catch (error) {
    return notStarted(error);
  }
  const group = child.pid;
  if (group !== undefined) holdGroup(group);
  let problem: string | undefined;
  const end = (why: string | undefined) => {
    problem ??= why;
    if (group !== undefined) signalGroup(group, 'SIGKILL');
  };
  const onAbort = () => end('was stopped');
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => end(`took longer than ${timeoutMs / 1_000} seconds`), timeoutMs);
  const flooded = () => end(`printed more than ${MOST_BYTES / 1024} kB`);
  const outputs = [child.stdout, child.stderr].map((stream) => gather(stream, flooded));
  // Whoever reads nothing of it may have ended.
  child.stdin?.on('error', () => {}).end(input);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('exit', resolve);
    });
    // What it started and left behind would hold its outputs open.
    if (group !== undefined) signalGroup(group, 'SIGKILL');
    await lastOutputs(outputs.map(({ ended }) => ended));
    const [stdout = '', stderr = ''] = outputs.map(({ text }) => text());
    if (problem !== undefined) return { problem, stdout, stderr };
    if (code === null) return { problem: 'was killed', stdout, stderr };
    return { code, stdout, stderr };
  } catch (error) {
    return notStarted(error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
    if (group !== undefined) releaseGroup(group);
  }
}

function notStarted(error: unknown): ProgramResult {
  const { code } = error as NodeJS.ErrnoException;
  return { problem: `could not be started (${code})`, stdout: '', stderr: '' };
}

/** Reads a stream to its end, and calls `flooded` when there is no end in sight. */
function gather(stream: NodeJS.ReadableStream | null, flooded: () => void) {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // There is none where the system had no more to give.
  if (!stream) return { ended: Promise.resolve(), text: () => '' };
  stream.on('error', () => {});
  stream.on('data', (chunk: Buffer) => {
    if (bytes >= MOST_BYTES) return;
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= MOST_BYTES) flooded();
  });
  const ended = new Promise<void>((resolve) => {
    stream.once('end', () => resolve()).once('close', () => resolve());
  });
  return { ended, text: () => Buffer.concat(chunks).toString('utf8') };
}

/** A process that left the group may hold an output open for as long as it likes. */
async function lastOutputs(ends: readonly Promise<void>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LAST_OUTPUT_MS);
  });
  await Promise.race([Promise.all(ends), late]);
  clearTimeout(timer);
}
