import { type Command, info, output, warning } from './command.js';

export const undo: Command = {
  name: 'undo',
  describe: 'take back the last edit of a file; what commands did is not covered',
  needsIdle: true,
  async run({ port, sessionId }) {
    const { checkpoint } = port.coordinators;
    const open = (await checkpoint.list(sessionId)).filter((one) => !one.restored);
    const [last, ...earlier] = open;
    if (!last) return info('There is no edit to undo in this session.');
    const { restored, path, reason } = await checkpoint.restore(last.id);
    if (!restored) return warning(`${path} was not undone. ${reason}`);
    const left = earlier.length === 0 ? 'No earlier edit is left.' : `/undo again: ${earlier[0]?.path}`;
    return output('Undone', [`${path}: ${reason}`, left]);
  },
};
