import { type Command, info } from './command.js';

export const clear: Command = {
  name: 'clear',
  aliases: ['new'],
  describe: 'start with an empty context; the log is kept',
  needsIdle: true,
  async run({ port, sessionId }) {
    const known = await port.resetSession(sessionId);
    // A known session tells of its reset with an event.
    return known ? [] : info('The context is empty already.');
  },
};
