import { shownTitle } from '../../core/shown-title.js';
import { type Command, info, warning } from './command.js';

export const rename: Command = {
  name: 'rename',
  argument: 'TITLE',
  describe: 'give this session a title',
  async run({ port, sessionId }, title) {
    if (title === '') return warning('Say what to call it: /rename TITLE');
    const renamed = await port.store.sessions.renameSession(sessionId, title);
    return info(renamed ? `This session is now called ${shownTitle(title)}.` : nothingStored);
  },
};

export const nothingStored = 'Nothing is stored of this session yet: say something first.';
