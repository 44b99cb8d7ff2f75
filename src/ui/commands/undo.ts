import { oneLine } from '../displayable.js';
import type { Command } from './command.js';
import { takeBack } from './take-back.js';

export const undo: Command = {
  name: 'undo',
  describe: "take back the last turn's edits, not what commands did",
  needsIdle: true,
  async run(context) {
    const preview = await context.port.changes.preview({ action: 'undo' }, context.sessionId);
    const since = preview.prompt === null ? '' : ` since “${oneLine(preview.prompt).slice(0, 60)}”`;
    const { blocks } = await takeBack(context, preview, {
      title: `What changed${since}`,
      nothing: 'There is no edit to undo in this session.',
      done: 'Undone (/redo takes it back)',
    });
    return blocks;
  },
};
