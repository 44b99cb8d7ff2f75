import { StringDecoder } from 'node:string_decoder';
import { onlyPrints } from './appearance.js';
import { createKeyParser, type Key } from './keys.js';

export interface Terminal {
  /** Puts everything back as it was for somebody else; the answer takes the terminal again. */
  release(): () => void;
  /** Puts everything back as it was; safe to call again. */
  leave(): void;
}

export interface TerminalOptions {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly environment: NodeJS.ProcessEnv;
  /** What else is switched on when the terminal is taken, and off when it is given back. */
  readonly modes?: { on(): string; off(): string };
  onKeys(keys: readonly Key[]): void;
  /** What the terminal answers to a question, without the frame of the answer. */
  onReply?(text: string): void;
  /** The terminal got or lost the focus, where that is switched on. */
  onFocus?(hasFocus: boolean): void;
  /** The process was told to end, or the terminal is gone. */
  onHangup(signal: NodeJS.Signals): void;
}

const endings: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
/** What a terminal sends to all that run in it when its user means the one that has it. */
const fromKeys: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];
const pasteOn = '\u001b[?2004h';
const pasteOff = '\u001b[?2004l';
/** Kitty's keyboard protocol tells Shift+Enter from Enter; only terminals known to speak it are asked. */
const kittyOn = '\u001b[>1u';
const kittyOff = '\u001b[<u';
const showCursor = '\u001b[?25h';
/** How long the bytes of one key, or the pieces of one paste, may be apart: slow links cut them. Esc by itself waits for this long. */
const quietMs = 60;
const longestKey = 16;
/** How long the rest of an answer of the terminal is waited for. */
const replyTimeoutMs = 1_000;

/** Takes the terminal: raw keys, marked pastes. Every way out of the process gives it back. */
export function enterTerminal(options: TerminalOptions): Terminal {
  const { stdin, stdout, environment, modes, onKeys, onFocus, onHangup } = options;
  const kitty = speaksKitty(environment);
  const isDumb = onlyPrints(environment);
  const parser = createKeyParser((text) => options.onReply?.(text));
  const decoder = new StringDecoder('utf8');
  let timer: NodeJS.Timeout | undefined;
  let left = false;
  let ours = false;

  const onData = (data: Buffer | string) => {
    const text = typeof data === 'string' ? data : decoder.write(data);
    const focus = focusIn(text);
    if (focus !== undefined) onFocus?.(focus);
    // More of a paste comes in large pieces; a key that is held down must not keep it back.
    const waits = parser.pending === 'paste' && text.length <= longestKey;
    if (!waits) clearTimeout(timer);
    const keys = parser.push(text);
    if (parser.pending && !waits) timer = setTimeout(timeUp, quietMs);
    emit(keys);
  };
  const timeUp = () => {
    const keys = parser.flush();
    if (parser.pending) timer = setTimeout(timeUp, replyTimeoutMs);
    emit(keys);
  };
  const emit = (keys: readonly Key[]) => {
    if (keys.length > 0) onKeys(keys);
  };
  const onGone = () => onHangup('SIGHUP');
  const onSignal = (signal: NodeJS.Signals) => {
    if (ours || !fromKeys.includes(signal)) onHangup(signal);
  };

  const take = () => {
    if (ours || left) return;
    ours = true;
    stdin.setRawMode(true);
    if (!isDumb) stdout.write((modes?.on() ?? '') + pasteOn + (kitty ? kittyOn : ''));
    stdin.on('data', onData);
    // What had begun when the terminal was lent ends now: what is typed next must not become a part of it.
    if (parser.pending) timer = setTimeout(timeUp, quietMs);
    stdin.ref();
    stdin.resume();
  };
  const release = () => {
    if (!ours) return;
    ours = false;
    clearTimeout(timer);
    stdin.off('data', onData);
    if (stdout.writable && !isDumb)
      stdout.write((modes?.off() ?? '') + pasteOff + (kitty ? kittyOff : '') + showCursor);
    try {
      stdin.setRawMode(false);
    } catch {
      // The terminal is gone: there is nothing left to restore.
    }
    stdin.pause();
  };

  const leave = () => {
    if (left) return;
    left = true;
    stdin.off('end', onGone).off('error', onGone);
    for (const signal of endings) process.off(signal, onSignal);
    process.off('exit', leave).off('uncaughtExceptionMonitor', leave);
    release();
    stdin.unref();
  };

  process.on('exit', leave).on('uncaughtExceptionMonitor', leave);
  for (const signal of endings) process.on(signal, onSignal);
  // A closed terminal makes writes fail; that is a hangup, not a crash. The listener stays: late writes fail too.
  stdout.on('error', onGone);
  stdin.on('end', onGone).on('error', onGone);
  take();
  return {
    release() {
      release();
      return () => {
        try {
          take();
        } catch {
          onGone();
        }
      };
    },
    leave,
  };
}

/** What the last report of the focus says, if there is any; to the keys it is none. */
function focusIn(text: string): boolean | undefined {
  const [gained, lost] = [text.lastIndexOf('\u001b[I'), text.lastIndexOf('\u001b[O')];
  return gained === lost ? undefined : gained > lost;
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
