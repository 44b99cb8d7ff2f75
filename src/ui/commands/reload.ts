import { type Command, info } from './command.js';

export const reload: Command = {
  name: 'reload',
  describe: 'read the settings again, and confirm what a project changed in them',
  async run({ port, sessionId }) {
    const { changes, waiting, error } = await port.reload({ confirm: true, sessionId });
    // What changed, and why something did not, tells of itself with events.
    return changes.length + waiting.length > 0 || error ? [] : info('The settings are as they were.');
  },
};
