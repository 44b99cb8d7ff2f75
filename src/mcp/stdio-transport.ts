import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { holdGroup, killGroup, releaseGroup } from '../tools/process-group.js';
import { TailBuffer } from '../tools/tail-buffer.js';
import { Allowance, sentTooLong, sentTooMuch } from './allowance.js';
import { MessageLines } from './message-lines.js';

export interface ServerProcess {
  /** Absolute path. */
  readonly program: string;
  readonly args: readonly string[];
  /** All that the process gets. */
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute path. */
  readonly cwd: string;
}

/** Of what a server writes on standard error so much is kept. */
const STDERR_BYTES = 4_000;
/** Between the polite and the hard end. */
const GRACE_MS = 500;
/** How long the last words of a process that has ended may take. */
const LAST_WORDS_MS = 200;

/** One server process, in a group of its own, spoken to by one JSON message a line. */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #process: ServerProcess;
  readonly #lines = new MessageLines();
  readonly #allowance = new Allowance();
  readonly #stderr = new TailBuffer(STDERR_BYTES);
  #child: ChildProcessWithoutNullStreams | undefined;
  #problem: string | undefined;
  #closed = false;

  constructor(process: ServerProcess) {
    this.#process = process;
  }

  /** Why the process is gone, to stand behind its name; `undefined` while it runs. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** The last that it wrote on standard error, as it came. */
  get lastWords(): string {
    return this.#stderr.bytes().toString('utf8');
  }

  async start(): Promise<void> {
    const { program, args, cwd, environment } = this.#process;
    const child = spawn(program, args, { cwd, env: environment, stdio: 'pipe', detached: true });
    this.#child = child;
    child.stdin.on('error', () => {}); // Its end is told by `exit`.
    child.stdout.on('data', (chunk: Buffer) => this.#take(chunk));
    child.stderr.on('data', (chunk: Buffer) => this.#stderr.push(chunk));
    child.once(
      'exit',
      (code, signal) => void this.#ended(signal ? `was ended by ${signal}` : `ended with exit code ${code}`),
    );
    const failed = new Promise<never>((_, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) => {
        this.#problem = `could not be started (${error.code ?? error.message})`;
        reject(error);
      });
    });
    failed.catch(() => {});
    await Promise.race([once(child, 'spawn'), failed]);
    holdGroup(child.pid!);
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const { stdin } = this.#child!;
    if (this.#problem !== undefined || !stdin.writable) throw new Error('The server has ended.');
    this.#allowance.sent(message);
    stdin.write(`${JSON.stringify(message)}\n`);
  }

  async close(): Promise<void> {
    this.#problem ??= 'was closed';
    const { pid, stdin } = this.#child ?? {};
    stdin?.end();
    if (pid !== undefined) await this.#end(pid);
    this.#tellClosed();
  }

  #take(chunk: Buffer): void {
    if (this.#problem !== undefined) return;
    const lines = this.#lines.push(chunk);
    if (!lines || !this.#allowance.take(chunk.length)) {
      this.#giveUp(lines ? sentTooMuch : sentTooLong);
      return;
    }
    for (const line of lines) {
      const message = messageIn(line);
      if (!message) continue;
      if (!this.#allowance.received(message)) {
        this.#giveUp(sentTooMuch);
        return;
      }
      this.onmessage?.(message);
    }
  }

  #giveUp(problem: string): void {
    this.#problem = problem;
    this.#child?.stdout.destroy();
    void this.#end(this.#child!.pid!).then(() => this.#tellClosed());
  }

  async #ended(how: string): Promise<void> {
    const child = this.#child!;
    await Promise.race([once(child, 'close'), sleep(LAST_WORDS_MS, undefined, { ref: false })]);
    this.#problem ??= how;
    // What it started has nobody to speak to any more.
    await this.#end(child.pid!);
    this.#tellClosed();
  }

  async #end(groupId: number): Promise<void> {
    await killGroup(groupId, GRACE_MS);
    releaseGroup(groupId);
  }

  #tellClosed(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.onclose?.();
  }
}

/** A line that is no message is something that a server printed for people. */
function messageIn(line: string): JSONRPCMessage | undefined {
  try {
    const message: unknown = JSON.parse(line);
    return typeof message === 'object' && message !== null ? (message as JSONRPCMessage) : undefined;
  } catch {
    return undefined;
  }
}
