import { type Command, info } from './command.js';

export const diff: Command = {
  name: 'diff',
  describe: 'all that this session changed in files',
  async run({ port, sessionId }) {
    const files = await port.changes.diff(sessionId);
    if (files.length === 0) return info('No file is changed by this session.');
    const title = `Changed in this session: ${files.length} ${files.length === 1 ? 'file' : 'files'}`;
    return [{ kind: 'diff', title, files }];
  },
};
