import { ConfigError } from '../core/errors.js';
import type { AskTrustOptions } from './ask-trust.js';
import type { ApprovalQueue, LocalServer, SessionPort } from './session-port.js';
import type { TrustAnswer } from './trust-answers.js';

export { createApprovalQueue } from './approval-queue.js';
export type { ApprovalQueue, ApprovalRequest, LocalServer, SessionPort } from './session-port.js';
export type { TrustAnswer } from './trust-answers.js';

export interface RunReplOptions {
  readonly orchestrator: SessionPort;
  /** A session to resume; its end is shown. The orchestrator's own when absent. */
  readonly sessionId?: string;
  /** Sent as the first message. */
  readonly initialPrompt?: string;
  /** The queue whose `request` the orchestrator was given as `onApproval`. */
  readonly approvals: ApprovalQueue;
  readonly version: string;
  /** One line each, shown under the first screen. */
  readonly notices: readonly string[];
  /** Earlier messages, oldest first, for the Up key. */
  readonly history?: readonly string[];
  /** Called with every message the user sends. */
  readonly onPrompt?: (text: string) => void;
  /** Asked after the first paint, and only when no model is configured. Must give up by itself soon. */
  readonly detectLocalServers?: () => Promise<readonly LocalServer[]>;
  /** How commands are confined, for the status line. Asked after the first paint. */
  readonly sandbox?: () => Promise<string>;
  /** The process's own when absent. */
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly stdin?: NodeJS.ReadStream;
  readonly stdout?: NodeJS.WriteStream;
}

/** The options with everything that has a default. */
export type ReplOptions = RunReplOptions &
  Required<Pick<RunReplOptions, 'cwd' | 'environment' | 'stdin' | 'stdout'>>;

export interface ReplResult {
  /** The session the user was in at the end. */
  readonly sessionId: string;
  /** The signal that ended the REPL; the exit code is 128 plus its number. Absent when the user left. */
  readonly signal?: NodeJS.Signals;
}

/**
 * Runs the interactive screen until the user leaves, and restores the terminal on every way out.
 * Throws a `ConfigError` when standard input or output is no terminal, before anything heavy is loaded.
 */
export async function runRepl(options: RunReplOptions): Promise<ReplResult> {
  const { stdin = process.stdin, stdout = process.stdout } = options;
  if (!stdin.isTTY || !stdout.isTTY) {
    throw new ConfigError(
      `The chat needs a terminal, but standard ${stdin.isTTY ? 'output' : 'input'} is none.`,
      {
        advice: 'Use victor ask "…" in pipes and scripts.',
      },
    );
  }
  const { repl } = await import('./repl.js');
  const { cwd = process.cwd(), environment = process.env } = options;
  return repl({ ...options, stdin, stdout, cwd, environment });
}

/** Asks, on the terminal, whether a folder may bring what it names. */
export async function askTrust(options: Omit<AskTrustOptions, 'stdin' | 'stdout'>): Promise<TrustAnswer> {
  const ui = await import('./ask-trust.js');
  const { stdin, stdout } = process;
  return ui.askTrust({ ...options, stdin, stdout });
}
