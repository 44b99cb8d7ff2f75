import { append, type BlockBody } from '../state.js';
import type { Command, CommandContext } from './commands/command.js';
import { isCommand, runCommand } from './commands/run-command.js';
import type { Conversation } from './conversation.js';
import type { ScreenStore } from './screen-store.js';

export interface SubmissionsOptions extends Pick<CommandContext, 'port' | 'switchSession' | 'quit'> {
  readonly store: ScreenStore;
  readonly conversation: Conversation;
  readonly commands: readonly Command[];
  /** Told of everything submitted, for a history that outlives the process. */
  onPrompt(text: string): void;
}

/** Takes what the user sends: commands run one after the other, messages go to the model. */
export function createSubmissions(options: SubmissionsOptions): (text: string) => void {
  const { store, conversation, commands, port, switchSession, quit } = options;
  let line: Promise<void> = Promise.resolve();
  let waiting = 0;

  const show = (blocks: readonly BlockBody[]) => {
    store.update({ state: blocks.reduce(append, store.screen.state) }, 'now');
  };

  async function run(text: string): Promise<void> {
    if (!isCommand(text)) {
      conversation.send(text);
      return;
    }
    show([{ kind: 'user', text }]);
    const { sessionId, running } = conversation;
    // A command works with the settings as they are saved.
    await port.reload({ sessionId });
    const context = { port, sessionId, state: store.screen.state, commands, switchSession, quit };
    show(await runCommand(text, context, running));
  }

  return (text) => {
    options.onPrompt(text);
    // What is sent behind a command waits for it: /clear must be done before the next message starts.
    if (waiting === 0 && !isCommand(text)) {
      conversation.send(text);
      return;
    }
    waiting += 1;
    line = line
      .then(() => run(text))
      .finally(() => {
        waiting -= 1;
      });
  };
}
