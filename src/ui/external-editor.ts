import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findProgram, trustedDirectories } from '../tools/find-program.js';
import { endTree } from './process-tree.js';
import { sanitizeInput } from './sanitize.js';

export interface ExternalEditorOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** The folder that is worked in: no program of it is run. */
  readonly cwd: string;
  /** Ends the editor. */
  readonly signal: AbortSignal;
}

/** What the editor made of a text, or why it made nothing of it. */
export type Edited =
  | { readonly text: string; readonly failed?: never }
  | { readonly failed: string; readonly text?: never };

/**
 * Lets the user write in $VISUAL or $EDITOR, which has the terminal until it ends. The text is in a file that only this
 * user can read, and which is gone afterwards. Never rejects.
 */
export async function editInEditor(text: string, options: ExternalEditorOptions): Promise<Edited> {
  const { environment, cwd } = options;
  const searchPath = trustedPath(environment.PATH, cwd);
  const editor =
    environment.VISUAL?.trim() || environment.EDITOR?.trim() || findProgram('vi', searchPath, cwd);
  if (!editor) {
    return {
      failed: 'There is no editor: set VISUAL or EDITOR to the command of one, for example EDITOR=nano.',
    };
  }
  try {
    const folder = await mkdtemp(join(tmpdir(), 'victor-'));
    try {
      const file = join(folder, 'message.md');
      await writeFile(file, text, { mode: 0o600 });
      const modes = stty(searchPath, cwd, '-g');
      const ended = await run(editor, file, {
        environment: { ...environment, PATH: searchPath },
        signal: options.signal,
        ps: findProgram('ps', searchPath, cwd),
      });
      // One that was killed leaves the terminal as it had it.
      if (ended !== '' && modes) stty(searchPath, cwd, modes);
      if (ended !== '') return { failed: `${editor} ${ended}, so that the input is as it was.` };
      const written = await readFile(file, 'utf8');
      return { text: sanitizeInput(written.replace(/\r\n?/g, '\n')).replace(/\n$/, '') };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  } catch (error) {
    return { failed: `The input could not be edited: ${(error as Error).message}` };
  }
}

/** Asks for the modes of the terminal or sets them; nothing where there is no terminal. */
function stty(searchPath: string, cwd: string, argument: string): string {
  const program = findProgram('stty', searchPath, cwd);
  if (!program) return '';
  const { status, stdout } = spawnSync(program, [argument], {
    stdio: ['inherit', 'pipe', 'ignore'],
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : '';
}

function trustedPath(searchPath: string | undefined, cwd: string): string {
  const trusted = trustedDirectories(searchPath, cwd);
  // An empty PATH would be the current folder.
  return (trusted.length > 0 ? trusted : trustedDirectories(undefined, cwd)).join(delimiter);
}

/** Runs the command as a shell would; how it failed, or nothing. */
function run(
  editor: string,
  file: string,
  how: Pick<ExternalEditorOptions, 'environment' | 'signal'> & { readonly ps: string | undefined },
): Promise<string> {
  const { environment, signal, ps } = how;
  return new Promise((resolve) => {
    // $EDITOR is a command with arguments, as git and everybody else takes it.
    const child = spawn('/bin/sh', ['-c', `${makingWay(editor)} "$@"`, editor, file], {
      env: environment,
      stdio: 'inherit',
    });
    const end = () => {
      if (child.pid !== undefined) endTree(child.pid, ps);
    };
    signal.addEventListener('abort', end);
    // The terminal was needed back while the file was being written.
    if (signal.aborted) end();
    child.on('error', ({ message }) => resolve(`cannot be run (${message})`));
    child.on('close', (code, killed) => {
      signal.removeEventListener('abort', end);
      if (code === 0) resolve('');
      else resolve(code === null ? `was ended by ${killed}` : `ended with code ${code}`);
    });
  });
}

/** The shell makes way for a simple command, with its quotes and variables, so that what is ended is the editor. */
function makingWay(editor: string): string {
  if (/[;&|<>()\n]/.test(editor)) return editor;
  return /^\w+=/.test(editor) ? `exec env ${editor}` : `exec ${editor}`;
}
