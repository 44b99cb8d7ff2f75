import { closeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '../core/id.js';
import { childEnvironment } from './child-environment.js';
import type { Confined, Confinement } from './confinement.js';
import { findProgram } from './find-program.js';
import { type CapturedOutput, OutputCapture } from './output-capture.js';
import { openOutputPipe } from './output-pipe.js';
import { OutputReader, type OutputSource } from './output-reader.js';
import { argvOf, confine, type ProcessFailure, startFailure, textsOf } from './prepare-process.js';
import { findSurvivors, type Survivor, signalGroup } from './process-group.js';
import { createStopper } from './process-stopper.js';

export interface ProcessRequest {
  /** A text for bash, or a program with its arguments, which no shell ever sees. */
  readonly command: string | readonly [program: string, ...args: string[]];
  /** Absolute path. */
  readonly cwd: string;
  /** What the child's environment is made from, by `childEnvironment`. */
  readonly environment: NodeJS.ProcessEnv;
  /** What the user gives the child of it besides what every child gets. */
  readonly commandEnvironment?: readonly string[] | undefined;
  /** Set on top of it. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Between SIGTERM and SIGKILL; 2,000 by default. */
  readonly graceMs?: number;
  readonly signal?: AbortSignal;
  /** Bytes of output kept in memory, a third from the start and the rest from the end; 30,000 by default. */
  readonly maxOutputBytes?: number;
  /** Private folder for the whole output when it does not fit; nothing is kept on disk without it. */
  readonly outputDirectory?: string;
  /** Most bytes of output on disk; 64 MB by default. */
  readonly maxFileBytes?: number;
  /** stderr apart from stdout instead of both in the order in which they were written. */
  readonly separateErrors?: boolean;
  /** Confines the process; what it may not do is up to this. */
  readonly confinement?: Confinement | undefined;
  /** Sees stdout instead of keeping it; answering `false` stops the command. Needs `separateErrors`. */
  readonly onOutput?: (chunk: Buffer) => boolean;
  /** Sees each chunk that is kept, when it comes. */
  readonly watch?: ((chunk: Buffer) => void) | undefined;
}

/** How a process ended. Success and failure have the same fields. */
export interface ProcessResult {
  /** `null` when a signal ended it or it never started. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly timedOut: boolean;
  readonly aborted: boolean;
  /** `onOutput` had enough. */
  readonly stopped: boolean;
  /** Why it could not be started, and the system's code for it. */
  readonly failure: ProcessFailure | undefined;
  readonly output: CapturedOutput;
  /** stderr, when it was asked for apart. */
  readonly errorOutput: CapturedOutput | undefined;
  readonly durationMs: number;
  /** What the confinement has to say. */
  readonly remarks: readonly string[];
  /** Processes of the call that still run. */
  readonly survivors: readonly Survivor[];
}

/** In the environment of everything a call starts, so that what leaves the group can still be found. */
const CALL_MARK = 'VICTOR_CALL';
const DEFAULT_OUTPUT_BYTES = 30_000;
const DEFAULT_FILE_BYTES = 64_000_000;
const ERROR_OUTPUT_BYTES = 8_000;
/** After the end of the command: how long somebody else may keep its output open, and be quiet in it. */
const DRAIN_MS = 500;
const QUIET_MS = 50;

interface Exit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly failure?: ProcessFailure;
}

interface Captures {
  readonly output: OutputCapture;
  readonly errors: OutputCapture | undefined;
}

/**
 * Runs one process in a group and session of its own, without stdin and without a terminal, and reports how it
 * ended. Never throws for what a command does. Answers at the latest `graceMs` and a second after the timeout,
 * and within 100 ms of an abort, whoever may still hold the output open.
 */
export async function runProcess(request: ProcessRequest): Promise<ProcessResult> {
  const startedAt = performance.now();
  const captures = createCaptures(request);
  const result = async (exit: Exit, ended: Partial<ProcessResult> = {}): Promise<ProcessResult> => ({
    timedOut: false,
    aborted: request.signal?.aborted ?? false,
    stopped: false,
    survivors: [],
    remarks: [],
    ...ended,
    exitCode: exit.exitCode,
    signal: exit.signal,
    failure: exit.failure,
    output: await captures.output.end(),
    errorOutput: await captures.errors?.end(),
    durationMs: performance.now() - startedAt,
  });

  if (request.signal?.aborted) return result(notEnded);
  const mark = newId();
  const started = await start(request, mark);
  if ('failure' in started) return result({ ...notEnded, failure: started.failure });
  const { child, groupId, outputs, letGo, confined } = started;
  const stopper = createStopper(confined?.byForce ? { ...request, graceMs: 0 } : request, groupId);
  const reader = new OutputReader(sourcesOf(outputs, captures, request, stopper.stop));
  captures.output.onDrain = () => reader.resume();

  const exited = await Promise.race([child, stopper.deadline]);
  if (stopper.reason() === 'timedOut') await stopper.killed();
  const atEnd = await reader.drain(DRAIN_MS, QUIET_MS, stopper.deadline);
  stopper.release();
  if (!atEnd) reader.letGo();
  if (!exited) letGo();
  // After an abort the killing may still be going on, so there is nothing to say yet.
  const aborted = stopper.reason() === 'aborted';
  const mayLive = !aborted && (!atEnd || !exited || signalGroup(groupId, 0));
  const released = child.then((exit) => releaseAfter(confined, exit));
  return result(exited ?? notEnded, {
    remarks: exited ? await released : (confined?.remarks ?? []),
    timedOut: stopper.reason() === 'timedOut',
    aborted,
    stopped: stopper.reason() === 'stopped',
    survivors: mayLive ? await findSurvivors(groupId, `${CALL_MARK}=${mark}`) : [],
  });
}

/** What a signal to the confinement leaves inside dies with it, but not before it. */
const DIES_WITHIN_MS = 50;

async function releaseAfter(confined: Confined | undefined, { exitCode }: Exit): Promise<readonly string[]> {
  if (!confined) return [];
  if (exitCode === null) await sleep(DIES_WITHIN_MS);
  return [...confined.remarks, ...confined.release(exitCode !== 0)];
}

const notEnded: Exit = { exitCode: null, signal: null };

interface Started {
  /** Settles with the end of the process itself, whoever still holds its output. */
  readonly child: Promise<Exit>;
  readonly groupId: number;
  readonly outputs: { readonly stdout: Readable; readonly stderr: Readable | undefined };
  /** Lets this process end although the child has not. */
  letGo(): void;
  readonly confined: Confined | undefined;
}

async function start(
  request: ProcessRequest,
  mark: string,
): Promise<Started | { readonly failure: ProcessFailure }> {
  const argv = argvOf(request);
  if ('failure' in argv) return argv;
  const confined = await confine(argv, request);
  if (confined && 'failure' in confined) return confined;
  const [program, ...args] = confined?.argv ?? [argv.program, ...argv.args];
  const { execa } = await import('execa');
  const pipe = request.separateErrors ? undefined : await openOutputPipe((path) => makeFifo(path, request));
  // execa hands any descriptor on; its types know only those up to 9.
  const stream = (pipe?.writeDescriptor ?? 'pipe') as 'pipe';
  const environment = childEnvironment(request.environment, request.commandEnvironment);
  const texts = textsOf(confined);
  if ('failure' in texts) {
    pipe?.closeWriteEnd();
    pipe?.readable.destroy();
    confined?.release(false);
    return texts;
  }
  const child = execa(program, args, {
    cwd: request.cwd,
    env: { ...environment, ...request.variables, [CALL_MARK]: mark },
    extendEnv: false,
    stdio: ['ignore', stream, stream, ...(texts.descriptors as 3[])],
    buffer: false,
    encoding: 'buffer',
    reject: false,
    // A session of its own: no controlling terminal, and a group that can be killed as a whole, which is done here.
    detached: true,
    cleanup: false,
  });
  pipe?.closeWriteEnd();
  for (const descriptor of texts.descriptors) closeSync(descriptor);
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  if (child.pid === undefined) {
    pipe?.readable.destroy();
    confined?.release(false);
    return { failure: await startFailure((await child).code, program, request.cwd) };
  }
  const outputs = pipe
    ? { stdout: pipe.readable, stderr: undefined }
    : { stdout: child.stdout as Readable, stderr: child.stderr as Readable };
  return { child: exited, groupId: child.pid, outputs, letGo: () => child.unref(), confined };
}

async function makeFifo(path: string, { cwd, environment }: ProcessRequest): Promise<boolean> {
  const program = findProgram('mkfifo', environment.PATH, cwd);
  if (!program) return false;
  const { execa } = await import('execa');
  const made = await execa(program, ['-m', '600', path], {
    cwd: '/',
    env: childEnvironment(environment),
    extendEnv: false,
    reject: false,
    stdio: 'ignore',
  });
  return !made.failed;
}

function createCaptures(request: ProcessRequest): Captures {
  const maxFileBytes = request.maxFileBytes ?? DEFAULT_FILE_BYTES;
  const maxBytes = request.maxOutputBytes ?? DEFAULT_OUTPUT_BYTES;
  return {
    output: new OutputCapture({ maxBytes, maxFileBytes, directory: request.outputDirectory }),
    errors: request.separateErrors
      ? new OutputCapture({ maxBytes: ERROR_OUTPUT_BYTES, maxFileBytes: 0 })
      : undefined,
  };
}

function sourcesOf(
  { stdout, stderr }: Started['outputs'],
  { output, errors }: Captures,
  { onOutput, watch }: Pick<ProcessRequest, 'onOutput' | 'watch'>,
  stop: (reason: 'stopped') => void,
): OutputSource[] {
  const keep = (chunk: Buffer) => {
    watch?.(chunk);
    return output.write(chunk);
  };
  const show = (chunk: Buffer) => {
    if (onOutput?.(chunk) === false) stop('stopped');
    return true;
  };
  const sources: OutputSource[] = [{ readable: stdout, take: onOutput ? show : keep }];
  if (stderr) sources.push({ readable: stderr, take: errors ? (chunk) => errors.write(chunk) : keep });
  return sources;
}
