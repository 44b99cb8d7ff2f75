import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { VictorError } from '../core/errors.js';
import type { Confined } from './confinement.js';
import { findProgram } from './find-program.js';
import { openTexts } from './open-texts.js';
import type { ProcessRequest } from './run-process.js';

/** Why a process could not be started, and the system's code for it. */
export interface ProcessFailure {
  readonly code: string;
  readonly message: string;
}

/** The program and its arguments, where it is there. */
export function argvOf({
  command,
  cwd,
  environment,
}: ProcessRequest): { program: string; args: readonly string[] } | { failure: ProcessFailure } {
  const [name, ...args] =
    typeof command === 'string' ? ['bash', '--noprofile', '--norc', '-c', command] : command;
  if (args.some((one) => one.includes('\0'))) {
    return { failure: { code: 'EINVAL', message: 'The command contains a NUL character. Send it without.' } };
  }
  const program = isAbsolute(name) ? name : findProgram(name, environment.PATH, cwd);
  if (program) return { program, args };
  return {
    failure: { code: 'ENOENT', message: `${name} was not found on PATH. Install it, or ask the user to.` },
  };
}

/** The same in its confinement, where there is one. */
export async function confine(
  { program, args }: { program: string; args: readonly string[] },
  { confinement, outputDirectory }: ProcessRequest,
): Promise<Confined | undefined | { readonly failure: ProcessFailure }> {
  try {
    return await confinement?.confine([program, ...args], outputDirectory ? [outputDirectory] : []);
  } catch (error) {
    if (!(error instanceof VictorError)) throw error;
    return { failure: { code: error.code, message: [error.message, error.advice].join(' ').trim() } };
  }
}

/** Opens what the confinement reads by descriptors. */
export function textsOf(
  confined: Confined | undefined,
): { readonly descriptors: readonly number[] } | { readonly failure: ProcessFailure } {
  try {
    return { descriptors: openTexts(confined?.texts ?? []) };
  } catch (error) {
    const { code = 'unknown', message } = error as NodeJS.ErrnoException;
    const advice = 'The sandbox needs a temporary folder that can be written: ask the user to set TMPDIR.';
    return { failure: { code, message: `${message}. ${advice}` } };
  }
}

/** What the system's refusal means, and what to do. */
export async function startFailure(
  code: string | undefined,
  program: string,
  cwd: string,
): Promise<ProcessFailure> {
  const failure = (message: string) => ({ code: code ?? 'unknown', message });
  if (code === 'E2BIG') {
    return failure(
      'The command or the environment is longer than the system takes (128 kB for one argument). ' +
        'Put the long part into a file and use that.',
    );
  }
  const directory = await stat(cwd).catch(() => undefined);
  if (!directory?.isDirectory()) {
    return failure(
      `The working directory ${cwd} is not there any more. Ask the user to restart Victor in another.`,
    );
  }
  return failure(`${program} could not be started (${code ?? 'unknown error'}).`);
}
