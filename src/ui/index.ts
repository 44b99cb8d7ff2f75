import { setFlagsFromString } from 'node:v8';
import { ConfigError } from '../core/errors.js';
import type { PromptCommands } from '../core/prompt-command.js';
import type { AskTrustOptions } from './ask-trust.js';
import type { ExportSession, SaveSetting } from './commands/command.js';
import type { Host } from './host.js';
import type { NotificationSettings } from './notifications.js';
import type { ApprovalQueue, LocalServer, SessionPort } from './session-port.js';
import type { RunStatusCommand } from './status-command.js';
import type { TrustAnswer } from './trust-answers.js';

export { createApprovalQueue } from './approval-queue.js';
export { commandNames } from './commands/names.js';
export { isCommand } from './commands/run-command.js';
export { suggestion } from './commands/suggestion.js';
export type {
  About,
  HealthLine,
  Host,
  KeptPermission,
  ModelChoice,
  StatisticsRequest,
} from './host.js';
export type { ApprovalQueue, ApprovalRequest, LocalServer, SessionPort } from './session-port.js';
export type { RunStatusCommand, StatusFacts } from './status-command.js';
export type { TrustAnswer } from './trust-answers.js';

export interface RunReplOptions {
  readonly orchestrator: SessionPort;
  /** A session to resume; its end is shown. The orchestrator's own when absent. */
  readonly sessionId?: string;
  /** Offers the stored sessions to choose from before anything else. */
  readonly pickSession?: boolean;
  /** Writes a session as a document and answers where, for /export. */
  readonly exportSession?: ExportSession;
  /** Saves one of the user's settings and answers the file, for /theme. */
  readonly saveSetting?: SaveSetting;
  /** What commands such as /doctor ask of the program around the screen. */
  readonly host?: Host;
  /** Custom commands and skills, looked for after the first paint and before each command; `undefined` for none. */
  readonly promptCommands?: () => Promise<PromptCommands | undefined>;
  /** Sent as the first message. */
  readonly initialPrompt?: string;
  /** The queue whose `request` the orchestrator was given as `onApproval`. */
  readonly approvals: ApprovalQueue;
  readonly version: string;
  /** One line each, shown under the first screen. */
  readonly notices: readonly string[];
  /** Earlier messages, oldest first, for the Up key. */
  readonly history?: readonly string[];
  /** Still earlier messages, oldest first; asked for once, when the user searches or goes back that far. */
  readonly earlierPrompts?: () => Promise<readonly string[]>;
  /** Asked after the first paint, and only when no model is configured. Must give up by itself soon. */
  readonly detectLocalServers?: () => Promise<readonly LocalServer[]>;
  /** How commands are confined, for the status line. Asked after the first paint. */
  readonly sandbox?: () => Promise<string>;
  /** Whether the user trusts the folder; the status line does not say when absent. */
  readonly trusted?: boolean;
  /** The user's own command for the status line. */
  readonly statusCommand?: RunStatusCommand;
  /** How to tell of a long turn; it is not told when absent. */
  readonly notifications?: () => NotificationSettings;
  /** Told of what a component threw and only one line of the screen shows. */
  readonly onFault?: (error: unknown) => void;
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
  // A chat is open for days: what it may keep of garbage until it is collected is memory of the user's. As bin/load-program.js
  // has it, which sets it earlier.
  setFlagsFromString('--heap-growing-percent=25');
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
