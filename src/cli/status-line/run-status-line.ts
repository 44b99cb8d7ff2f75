import { spawn } from 'node:child_process';
import type { Settings } from '../../config/schema.js';
import { withoutSecrets } from '../../config/secret-variables.js';
import { AbortedError, ConfigError } from '../../core/errors.js';
import { childEnvironment } from '../../tools/child-environment.js';
import { findProgram } from '../../tools/find-program.js';
import type { StatusFacts } from '../../ui/index.js';

export interface StatusLineOptions {
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly settings: Settings;
  readonly signal: AbortSignal;
  /** How long the command may take. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 2_000;
const MOST_BYTES = 8_192;
/** Colours: the line is drawn as the rest of the status line is. */
const colours = /\u001b\[[0-9;:]*m/g;

/**
 * The first line that the command prints, given the facts as JSON on standard input. It sees what commands of the model see
 * of the environment. Rejects with a `ConfigError` when it fails, prints nothing or takes longer than it may.
 */
export async function runStatusLine(
  command: string,
  facts: StatusFacts,
  { cwd, environment, settings, signal, patienceMs = PATIENCE_MS }: StatusLineOptions,
): Promise<string> {
  if (signal.aborted) throw new AbortedError();
  const bash = findProgram('bash', environment.PATH, cwd);
  // Bash takes a socket as its input for a login from afar, and would read the user's .bashrc each time.
  const argv = bash ? [bash, '--noprofile', '--norc', '-c', command] : ['/bin/sh', '-c', command];
  const child = spawn(argv[0]!, argv.slice(1), {
    cwd,
    env: childEnvironment(withoutSecrets(environment, settings), settings.commandEnvironment),
    stdio: ['pipe', 'pipe', 'ignore'],
    // A group of its own, so that all of it can be ended, and no keys of the terminal reach it.
    detached: true,
  });
  let output = '';
  let late = false;
  const kill = () => {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // All of it has ended.
    }
  };
  const stop = () => {
    kill();
    child.stdout.destroy();
  };
  let ended = false;
  const timer = setTimeout(() => {
    // Where the chat itself was busy until now, the end of the command may be waiting to be told.
    setImmediate(() => {
      late = !ended;
      stop();
    });
  }, patienceMs);
  signal.addEventListener('abort', stop, { once: true });
  child.stdin.on('error', () => {}).end(`${JSON.stringify(facts)}\n`);
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    // Whoever prints on and on is not waited for.
    if (output.length > MOST_BYTES) stop();
  });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('exit', resolve);
    });
    ended = true;
    // What it started and left behind would hold its output open.
    kill();
    // What it printed last may come after its end.
    if (!child.stdout.destroyed && !child.stdout.readableEnded)
      await new Promise((resolve) => child.stdout.once('close', resolve));
    if (signal.aborted) throw new AbortedError();
    return lineOf(output, code, late ? patienceMs : undefined);
  } catch (error) {
    if (error instanceof AbortedError || error instanceof ConfigError) throw error;
    throw failure(`could not be started (${(error as NodeJS.ErrnoException).code})`);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    stop();
  }
}

function lineOf(output: string, code: number | null, overMs: number | undefined): string {
  if (overMs !== undefined) throw failure(`took longer than ${overMs / 1_000} seconds`);
  const line = output.replace(colours, '').split('\n', 1)[0]!.trim();
  // One that was ended because it printed on and on has no exit code.
  if (line !== '' && (code === 0 || code === null)) return line;
  throw failure(code === 0 || code === null ? 'printed no line' : `ended with exit code ${code}`);
}

function failure(what: string): ConfigError {
  return new ConfigError(`The command of statusLine ${what}.`, {
    advice: 'The usual status line is shown. /config statusLine says where it is set.',
    key: 'statusLine.command',
  });
}
