import { fstatSync } from 'node:fs';
import { isatty } from 'node:tty';

/** Bytes of standard input that are read; a model has no use for more, and a pipe may never end. */
export const standardInputCapBytes = 256 * 1024;
/** After this long without a byte the user is told what we wait for. */
const patienceMs = 3_000;

export interface StandardInput {
  readonly text: string;
  /** More came than the cap lets in. */
  readonly truncated: boolean;
}

export interface ReadOptions {
  /** There is no prompt but this one, so it is worth any wait. */
  readonly required: boolean;
  readonly signal: AbortSignal;
  /** Told in one line why nothing happens yet. */
  readonly notice: (text: string) => void;
}

/** Standard input is a keyboard, so nothing was piped in. */
export function standardInputIsTerminal(): boolean {
  return isatty(0);
}

/**
 * What was piped or redirected into the process, at most `standardInputCapBytes`; `undefined` when nothing
 * was. Rejects with the signal's reason.
 *
 * A shell pipe is read to its end however long the command before it takes. A socket is what programs
 * give a child when nobody thought about its input: unless bytes come soon, nothing will.
 */
export async function readStandardInput(options: ReadOptions): Promise<StandardInput | undefined> {
  const kind = inputKind();
  if (kind === 'nothing') return undefined;
  const bytes = await collect(kind === 'socket' && !options.required, options);
  if (bytes.length === 0) return undefined;
  const truncated = bytes.length > standardInputCapBytes;
  const text = new TextDecoder().decode(truncated ? wholeCharacters(bytes) : bytes);
  return { text, truncated };
}

function inputKind(): 'nothing' | 'stream' | 'socket' {
  try {
    const stat = fstatSync(0);
    if (stat.isSocket()) return 'socket';
    return stat.isFIFO() || stat.isFile() ? 'stream' : 'nothing';
  } catch {
    // The descriptor is closed or refers to something that cannot be asked.
    return 'nothing';
  }
}

function collect(mayGiveUp: boolean, { signal, notice }: ReadOptions): Promise<Buffer> {
  signal.throwIfAborted();
  const { stdin } = process;
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      // The command before us in the pipe should not wait for a reader that has seen enough.
      stdin.removeAllListeners().on('error', () => {});
      stdin.destroy();
      finish();
    };
    const done = () => settle(() => resolve(Buffer.concat(chunks)));
    const onAbort = () => settle(() => reject(signal.reason));
    const timer = setTimeout(() => {
      if (mayGiveUp) {
        notice('nothing came on standard input; going on without it (run with < /dev/null to skip the wait)');
        done();
      } else {
        notice('waiting for standard input to end (run with < /dev/null if it should not be read)');
      }
    }, patienceMs);
    signal.addEventListener('abort', onAbort, { once: true });
    stdin.on('data', (chunk: Buffer) => {
      clearTimeout(timer);
      chunks.push(chunk);
      size += chunk.length;
      if (size > standardInputCapBytes) done();
    });
    stdin.on('end', done);
    // A broken input is an ended one: the prompt may well do without it.
    stdin.on('error', done);
  });
}

/** The bytes up to the cap without a character cut in half at the end. */
function wholeCharacters(bytes: Buffer): Buffer {
  let end = standardInputCapBytes;
  while (end > standardInputCapBytes - 4 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}
