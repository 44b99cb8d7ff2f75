import { type Command, info } from './command.js';

export const compact: Command = {
  name: 'compact',
  describe: 'make the context smaller now',
  needsIdle: true,
  async run({ port, sessionId }) {
    const { changed, before, strategy } = await port.compact(sessionId);
    // A change tells of itself with an event.
    return changed
      ? []
      : info(
          `Nothing to compact (${strategy}): ${before.messages} messages, ~${before.tokens} tokens, stay as they are.`,
        );
  },
};
