import type { Command } from './command.js';

export const quit: Command = {
  name: 'quit',
  aliases: ['exit', 'q'],
  describe: 'leave; the session can be resumed',
  run({ quit: leave }) {
    leave();
    return [];
  },
};
