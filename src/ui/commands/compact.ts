import { type Command, info } from './command.js';

export const compact: Command = {
  name: 'compact',
  describe: 'make the context smaller now',
  needsIdle: true,
  async run({ port, sessionId }) {
    const { changed, before } = await port.compact(sessionId);
    // A change tells of itself with an event.
    return changed
      ? []
      : info(`Nothing to compact: ${before.messages} messages, ~${before.tokens} tokens, stay as they are.`);
  },
};
