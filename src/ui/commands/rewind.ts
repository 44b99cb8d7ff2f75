import { oneLine } from '../displayable.js';
import { asMessage } from '../own-command.js';
import { type Command, info } from './command.js';
import { takeBack } from './take-back.js';

export const rewind: Command = {
  name: 'rewind',
  describe: 'go back to before a message: conversation, files or both',
  needsIdle: true,
  async run(context) {
    const { port, sessionId, choose, setInput } = context;
    const prompts = [...(await port.changes.prompts(sessionId))].reverse();
    if (prompts.length === 0) return info('You have said nothing yet in this session.');
    const texts = prompts.map(({ text }) => oneLine(text.slice(0, 500)));
    const chosen = prompts[(await choose('Back to before which message?', texts)) ?? -1];
    if (!chosen) return info('Nothing was changed.');
    const { messageId, text } = chosen;
    const preview = await port.changes.preview({ action: 'rewind', messageId }, sessionId);
    const { applied, blocks } = await takeBack(context, preview, {
      title: `Back to before “${oneLine(text).slice(0, 60)}”`,
      nothing: 'There is nothing to take back.',
      done: 'Rewound (/redo takes it back)',
    });
    // What was asked can be asked again, otherwise.
    if (applied?.conversation) setInput(asMessage(text));
    return blocks;
  },
};
