import { spawn } from 'node:child_process';
import { childEnvironment } from '../tools/child-environment.js';
import { findProgram } from '../tools/find-program.js';
import { clipboardPrograms, terminalCopy } from './clipboard-ways.js';

export interface ClipboardOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  /** Where programs are not taken from: the folder the chat works in. */
  readonly cwd: string;
  /** Sends bytes to the terminal. */
  write(data: string): void;
}

/** A program that hangs is given up: what it was given may have arrived all the same. */
const PATIENCE_MS = 2_000;

/** Copies to the clipboard of whoever sits at the terminal. Answers the ways it went; none when there was no way. */
export async function copyToClipboard(text: string, options: ClipboardOptions): Promise<readonly string[]> {
  const { environment, platform, cwd, write } = options;
  const ways: string[] = [];
  const sequence = terminalCopy(text, environment);
  if (sequence !== undefined) {
    write(sequence);
    ways.push('the terminal');
  }
  for (const [name, ...args] of clipboardPrograms(environment, platform)) {
    const program = findProgram(name, environment.PATH, cwd);
    if (program === undefined || !(await feed(program, args, text, environment))) continue;
    ways.push(name);
    break;
  }
  return ways;
}

/** Whether the program took the text. Some of them stay to serve it, so only the end of the first process counts. */
function feed(
  program: string,
  args: readonly string[],
  text: string,
  environment: NodeJS.ProcessEnv,
): Promise<boolean> {
  return new Promise((resolve) => {
    const shown = ['DISPLAY', 'WAYLAND_DISPLAY', 'XDG_RUNTIME_DIR', 'XAUTHORITY', 'TMUX'];
    const child = spawn(program, args, {
      env: childEnvironment(environment, shown),
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      timeout: PATIENCE_MS,
      killSignal: 'SIGKILL',
    });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
    child.stdin.on('error', () => {});
    child.stdin.end(text);
    child.unref();
  });
}
