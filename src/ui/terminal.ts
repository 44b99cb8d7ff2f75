import { StringDecoder } from 'node:string_decoder';
import { createKeyParser, type Key } from './keys.js';

export interface Terminal {
  /** Puts everything back as it was; safe to call again. */
  leave(): void;
}

export interface TerminalOptions {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly environment: NodeJS.ProcessEnv;
  onKeys(keys: readonly Key[]): void;
  /** The process was told to end, or the terminal is gone. */
  onHangup(signal: NodeJS.Signals): void;
}

const endings: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const pasteOn = '\u001b[?2004h';
const pasteOff = '\u001b[?2004l';
/** Kitty's keyboard protocol tells Shift+Enter from Enter; only terminals known to speak it are asked. */
const kittyOn = '\u001b[>1u';
const kittyOff = '\u001b[<u';
const showCursor = '\u001b[?25h';
/** How long the bytes of one key may be apart; slow links cut sequences. */
const escapeTimeoutMs = 120;

/** Takes the terminal: raw keys, marked pastes. Every way out of the process gives it back. */
export function enterTerminal(options: TerminalOptions): Terminal {
  const { stdin, stdout, environment, onKeys, onHangup } = options;
  const kitty = speaksKitty(environment);
  const parser = createKeyParser();
  const decoder = new StringDecoder('utf8');
  let timer: NodeJS.Timeout | undefined;
  let left = false;

  const onData = (data: Buffer | string) => {
    clearTimeout(timer);
    const keys = parser.push(typeof data === 'string' ? data : decoder.write(data));
    if (parser.pending) timer = setTimeout(() => emit(parser.flush()), escapeTimeoutMs);
    emit(keys);
  };
  const emit = (keys: readonly Key[]) => {
    if (keys.length > 0) onKeys(keys);
  };
  const onGone = () => onHangup('SIGHUP');
  const onSignal = (signal: NodeJS.Signals) => onHangup(signal);

  const leave = () => {
    if (left) return;
    left = true;
    clearTimeout(timer);
    stdin.off('data', onData).off('end', onGone).off('error', onGone);
    for (const signal of endings) process.off(signal, onSignal);
    process.off('exit', leave).off('uncaughtExceptionMonitor', leave);
    if (stdout.writable) stdout.write(pasteOff + (kitty ? kittyOff : '') + showCursor);
    try {
      stdin.setRawMode(false);
    } catch {
      // The terminal is gone: there is nothing left to restore.
    }
    stdin.pause();
    stdin.unref();
  };

  process.on('exit', leave).on('uncaughtExceptionMonitor', leave);
  for (const signal of endings) process.on(signal, onSignal);
  stdin.setRawMode(true);
  stdout.write(pasteOn + (kitty ? kittyOn : ''));
  // A closed terminal makes writes fail; that is a hangup, not a crash. The listener stays: late writes fail too.
  stdout.on('error', onGone);
  stdin.on('data', onData).on('end', onGone).on('error', onGone);
  stdin.ref();
  stdin.resume();
  return { leave };
}

function speaksKitty(environment: NodeJS.ProcessEnv): boolean {
  if (environment.TMUX !== undefined) return false;
  const program = environment.TERM_PROGRAM ?? '';
  return (
    environment.KITTY_WINDOW_ID !== undefined ||
    environment.TERM === 'xterm-kitty' ||
    ['ghostty', 'WezTerm', 'iTerm.app'].includes(program)
  );
}
