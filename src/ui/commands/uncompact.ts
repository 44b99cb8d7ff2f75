import { type Command, warning } from './command.js';

export const uncompact: Command = {
  name: 'uncompact',
  describe: 'bring back the messages that the last compaction took',
  needsIdle: true,
  async run({ port, sessionId }) {
    const done = await port.uncompact(sessionId);
    // A change tells of itself with an event.
    return done.changed ? [] : warning(done.reason);
  },
};
