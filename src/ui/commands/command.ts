import type { Mode } from '../../core/coordinator.js';
import type { BlockBody, State } from '../../state.js';
import type { ChoiceLook } from '../choices.js';
import type { SentHow } from '../conversation.js';
import type { Host } from '../host.js';
import type { SessionPort } from '../session-port.js';

/** What is left out is the usual: Markdown, and a name made of the id. */
export type ExportSession = (
  sessionId: string,
  how: { readonly format?: string; readonly file?: string },
) => Promise<string>;

/** Saves one of the user's own settings, as `victor config set` does, and answers the file. */
export type SaveSetting = (key: string, value: string) => Promise<string>;

export interface Themes {
  /** What the settings say. */
  readonly setting: string;
  /** Draws like this from now on; no setting changes. */
  show(theme: string): void;
  readonly saveSetting?: SaveSetting | undefined;
}

/** What a slash command may use. */
export interface CommandContext {
  readonly port: SessionPort;
  readonly sessionId: string;
  readonly state: State;
  readonly commands: readonly Command[];
  /** Cells of a row of the terminal. */
  readonly columns: number;
  /** The folder the chat works in, absolute. */
  readonly cwd: string;
  /** What the program around the screen can do; absent where there is none. */
  readonly host?: Host;
  /** Shows another session and talks in it from now on. */
  switchSession(sessionId: string): Promise<readonly BlockBody[]>;
  /** `false`: a plan that was not approved is shown first, and the mode is as it was. */
  changeMode(next: Mode, sessionId: string): boolean;
  /** Writes the session as a document and answers where. */
  readonly exportSession?: ExportSession;
  /** What the screen looks like. */
  readonly themes?: Themes;
  /** Puts blocks on the screen before the command has ended. */
  show(blocks: readonly BlockBody[]): void;
  /** Lets the user choose; the place of the option, or `undefined` when they take none. */
  choose(question: string, options: readonly string[], how?: ChoiceLook): Promise<number | undefined>;
  /** One line of help under the input, until something else is said there. */
  hint(text: string): void;
  /** Sends a message to the model, as if the user had written it; with `typed: false` what it mentions does not go along. */
  send(text: string, how?: SentHow): void;
  /** Copies for the user to paste elsewhere. Answers the ways it went; none when there was no way. */
  copy(text: string): Promise<readonly string[]>;
  /** Makes this what is being written, unless something is. */
  setInput(text: string): void;
  quit(): void;
}

/** Something that the argument of a command may be. */
export interface CommandValue {
  readonly value: string;
  /** One line. */
  readonly describe?: string;
}

/** What a command may use to name the values of its argument. */
export type ValueContext = Pick<CommandContext, 'port' | 'sessionId' | 'commands' | 'state'>;

/** A slash command: words in, text blocks out. It draws nothing itself. */
export interface Command {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** What its argument is, for /help. */
  readonly argument?: string;
  /** One line for /help. */
  readonly describe: string;
  /** Under which heading /help has it, where it is none of Victor's own. */
  readonly group?: string;
  /** What the argument may be, for completing what is written of it; empty where that cannot be listed. */
  values?(context: ValueContext, written: string): readonly CommandValue[];
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

/** What stands before each line of an output, in cells. */
export const barCells = 2;

export function output(title: string, lines: readonly string[]): readonly BlockBody[] {
  return [{ kind: 'output', title, text: lines.join('\n'), bars: true }];
}
