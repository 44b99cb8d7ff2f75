import type { BlockBody, State } from '../../state.js';
import type { SessionPort } from '../session-port.js';

/** What a slash command may use. */
export interface CommandContext {
  readonly port: SessionPort;
  readonly sessionId: string;
  readonly state: State;
  readonly commands: readonly Command[];
  /** Shows another session and talks in it from now on. */
  switchSession(sessionId: string): Promise<readonly BlockBody[]>;
  quit(): void;
}

/** A slash command: words in, text blocks out. It draws nothing itself. */
export interface Command {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** What its argument is, for /help. */
  readonly argument?: string;
  /** One line for /help. */
  readonly describe: string;
  /** Changes what a running turn works on, so that it must wait for the turn's end. */
  readonly needsIdle?: boolean;
  run(context: CommandContext, argument: string): Promise<readonly BlockBody[]> | readonly BlockBody[];
}

export function info(text: string): readonly BlockBody[] {
  return [{ kind: 'notice', level: 'info', text }];
}

export function warning(text: string): readonly BlockBody[] {
  return [{ kind: 'notice', level: 'warning', text }];
}

export function output(title: string, lines: readonly string[]): readonly BlockBody[] {
  return [{ kind: 'output', title, text: lines.join('\n') }];
}
