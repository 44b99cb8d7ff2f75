import { errorData } from '../core/errors.js';
import { append, type BlockBody } from '../state.js';
import type { Command, CommandContext } from './commands/command.js';
import { isCommand, runCommand } from './commands/run-command.js';
import type { Conversation } from './conversation.js';
import { reduceInput } from './input-state.js';
import type { ScreenStore } from './screen-store.js';

export interface SubmissionsOptions
  extends Pick<
    CommandContext,
    | 'port'
    | 'cwd'
    | 'host'
    | 'switchSession'
    | 'changeMode'
    | 'choose'
    | 'copy'
    | 'exportSession'
    | 'themes'
    | 'quit'
  > {
  readonly store: ScreenStore;
  readonly conversation: Conversation;
  /** Takes what files bring as they are now. */
  readonly refreshCommands?: () => Promise<void>;
  /** Looked at anew each time: servers bring some of them. */
  readonly commands: readonly Command[];
}

/** Takes what the user sends: commands run one after the other, messages go to the model. */
export function createSubmissions(options: SubmissionsOptions): (text: string) => void {
  const { store, conversation, port, quit } = options;
  const { cwd, host, switchSession, changeMode, choose, copy, exportSession, themes } = options;
  let line: Promise<void> = Promise.resolve();
  let waiting = 0;

  const show = (blocks: readonly BlockBody[]) => {
    store.update({ state: blocks.reduce(append, store.screen.state) }, 'now');
  };

  const setInput = (text: string) => {
    const { input } = store.screen;
    if (input.text === '') store.update({ input: reduceInput(input, { type: 'set', text }) }, 'now');
  };

  const hint = (text: string) => store.update({ hint: text }, 'now');
  const { send } = conversation;

  async function run(text: string): Promise<void> {
    if (!isCommand(text)) {
      conversation.send(text);
      return;
    }
    show([{ kind: 'user', text }]);
    // Where the screen says that the turn is over, only the end of it is still on its way.
    if (conversation.ending) await conversation.settled();
    const { sessionId, running } = conversation;
    // A command works with the settings as they are saved.
    await port.reload({ sessionId });
    await options.refreshCommands?.();
    const { state, columns } = store.screen;
    const outside = { ...(exportSession ? { exportSession } : {}), ...(themes ? { themes } : {}) };
    const around = { ...outside, ...(host ? { host } : {}) };
    const acting = { switchSession, changeMode, show, choose, copy, hint, send, setInput, quit };
    const { commands } = options;
    const context = { port, sessionId, state, commands, columns, cwd, ...acting, ...around };
    show(await runCommand(text, context, running));
  }

  return (text) => {
    // What is sent behind a command waits for it: /clear must be done before the next message starts.
    if (waiting === 0 && !isCommand(text)) {
      conversation.send(text);
      return;
    }
    waiting += 1;
    line = line
      .then(() => run(text))
      // What fails one command is no reason to take none any more.
      .catch((error: unknown) => show([{ kind: 'error', error: errorData(error) }]))
      .finally(() => {
        waiting -= 1;
      });
  };
}
