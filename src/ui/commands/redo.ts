import type { Command } from './command.js';
import { takeBack } from './take-back.js';

export const redo: Command = {
  name: 'redo',
  describe: 'take back the last /undo or /rewind',
  needsIdle: true,
  async run(context) {
    const preview = await context.port.changes.preview({ action: 'redo' }, context.sessionId);
    const { blocks } = await takeBack(context, preview, {
      title: 'What was taken back',
      nothing: 'Nothing was undone or rewound since the last change.',
      done: 'Brought back',
    });
    return blocks;
  },
};
