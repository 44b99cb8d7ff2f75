import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import xterm from '@xterm/headless';

export interface PtyOptions {
  readonly command: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** The whole environment of the program; the test's own without `CI` when absent. */
  readonly env?: NodeJS.ProcessEnv;
  readonly columns?: number;
  readonly rows?: number;
}

export interface Pty {
  /** Types. */
  write(text: string): void;
  /** The visible rows, without trailing spaces. */
  screen(): string[];
  /** Every row since the start, scrollback included. */
  history(): string[];
  /** Where the cursor is: its column and its row of the visible screen. */
  cursor(): { readonly column: number; readonly row: number };
  /** Resolves with the screen once it contains the pattern or satisfies the function; rejects with the screen's text. */
  waitFor(wanted: string | RegExp | ((screen: string[]) => boolean), timeoutMs?: number): Promise<string[]>;
  /** Everything the program wrote, raw. */
  bytes(): Buffer;
  resize(columns: number, rows: number): void;
  /** The program's process id. */
  readonly pid: Promise<number>;
  /** When the program was about to be started: milliseconds since 1970. What the terminal itself takes lies before it. */
  readonly startedAt: Promise<number>;
  /** The program's exit code; 128 plus the number of the signal that ended it. */
  readonly exit: Promise<number>;
  kill(signal?: NodeJS.Signals): void;
}

/** What is not seen by then never comes. No measure of anything: a machine may have other things to do. */
const hangMs = 120_000;

/**
 * Runs a program in a real pseudo-terminal made by util-linux `script`, and reads its screen through xterm.
 * The inner shell sets the size and writes the terminal's name and its own id, which the program then takes over.
 */
export function startPty(options: PtyOptions): Pty {
  const { command, args = [], columns = 80, rows = 24 } = options;
  const directory = mkdtempSync(join(tmpdir(), 'victor-pty-'));
  const where = join(directory, 'where');
  const starter = join(directory, 'start.sh');
  const line = [command, ...args].map(quote).join(' ');
  writeFileSync(
    starter,
    `stty rows ${rows} cols ${columns}\nprintf '%s %s\\n' "$(tty)" $$ > ${quote(`${where}.tmp`)}\n` +
      `mv ${quote(`${where}.tmp`)} ${quote(where)}\nexec ${line}\n`,
  );
  const child = spawn('script', ['-qefc', `exec sh ${quote(starter)}`, '/dev/null'], {
    cwd: options.cwd,
    env: withoutCi(options.env ?? process.env),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const terminal = new xterm.Terminal({ cols: columns, rows, scrollback: 100_000, allowProposedApi: true });
  const chunks: Buffer[] = [];
  // The terminal itself loses a character whose bytes come in two chunks.
  const decoder = new StringDecoder('utf8');
  const watchers = new Set<() => void>();
  const frames = frameWatch();
  child.stdout.on('data', (data: Buffer) => {
    chunks.push(data);
    const text = decoder.write(data);
    const isHalf = frames.endsWithin(text);
    terminal.write(text, () => {
      // Nobody looks at half a frame: the rest of it is on its way.
      if (!isHalf) for (const watcher of watchers) watcher();
    });
  });
  child.stdin.on('error', () => {});
  // What a terminal answers to queries goes to the program as if it were typed.
  terminal.onData((data) => child.stdin.write(data));

  const started = waitForFile(where, child);
  const exit = new Promise<number>((resolve) => {
    child.on('close', (code, signal) => {
      rmSync(directory, { recursive: true, force: true });
      // What came last is on the screen by then.
      terminal.write('', () => {
        for (const watcher of watchers) watcher();
        resolve(code ?? (signal ? 1 : 0));
      });
    });
  });
  const rowsFrom = (first: number) => {
    const { active } = terminal.buffer;
    return Array.from(
      { length: active.length - first },
      (_, row) =>
        active
          .getLine(first + row)
          ?.translateToString()
          .trimEnd() ?? '',
    );
  };
  const screen = () => rowsFrom(terminal.buffer.active.baseY);

  return {
    write: (text) => void child.stdin.write(text),
    screen,
    history: () => rowsFrom(0),
    cursor: () => ({ column: terminal.buffer.active.cursorX, row: terminal.buffer.active.cursorY }),
    waitFor(wanted, timeoutMs = hangMs) {
      const holds = () => {
        const now = screen();
        if (typeof wanted === 'function') return wanted(now);
        const text = now.join('\n');
        return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
      };
      return new Promise((resolve, reject) => {
        const finish = (settle: () => void) => {
          clearTimeout(timer);
          watchers.delete(check);
          settle();
        };
        const check = () => {
          if (holds()) finish(() => resolve(screen()));
        };
        const timer = setTimeout(() => {
          const shown = screen().join('\n').trimEnd();
          finish(() => reject(new Error(`Not seen within ${timeoutMs} ms: ${wanted}\n--- screen\n${shown}`)));
        }, timeoutMs);
        watchers.add(check);
        check();
      });
    },
    bytes: () => Buffer.concat(chunks),
    resize(newColumns, newRows) {
      const { device } = readStart(where);
      // Setting the size tells the program, as a real terminal window does.
      execFileSync('stty', ['-F', device, 'rows', String(newRows), 'cols', String(newColumns)]);
      // As small as the terminal here can be; a program is told even of no cell at all.
      if (newColumns > 0 && newRows > 0) terminal.resize(Math.max(2, newColumns), newRows);
    },
    pid: started.then(() => readStart(where).pid),
    startedAt: started.then(() => statSync(where).mtimeMs),
    exit,
    kill(signal = 'SIGKILL') {
      try {
        process.kill(readStart(where).pid, signal);
      } catch {
        child.kill(signal);
      }
    },
  };
}

/** Follows what is marked as one frame (synchronized output, mode 2026), however it is cut. */
function frameWatch(): { endsWithin(text: string): boolean } {
  let within = false;
  let rest = '';
  return {
    endsWithin(text) {
      const seen = rest + text;
      const last = seen.match(/\u001b\[\?2026[hl]/g)?.at(-1);
      if (last !== undefined) within = last.endsWith('h');
      rest = seen.slice(-8);
      return within;
    },
  };
}

function withoutCi(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { CI: _ci, CONTINUOUS_INTEGRATION: _continuous, TMUX: _tmux, ...rest } = environment;
  return { TERM: 'xterm-256color', ...rest, SHELL: '/bin/sh' };
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function readStart(file: string): { readonly device: string; readonly pid: number } {
  const [device = '', pid = ''] = readFileSync(file, 'utf8').trim().split(' ');
  return { device, pid: Number(pid) };
}

async function waitForFile(file: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    try {
      readStart(file);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
