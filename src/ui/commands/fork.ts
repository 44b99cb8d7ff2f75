import { type Command, info } from './command.js';
import { nothingStored } from './rename.js';

export const fork: Command = {
  name: 'fork',
  argument: '[id]',
  describe: 'go on in a copy; the original stays as it is',
  needsIdle: true,
  async run({ port, sessionId, switchSession }, id) {
    const { session } = port.coordinators;
    const original = id === '' ? sessionId : (await session.list({ idPrefix: id, limit: 2 }))[0]?.id;
    const copy = original === undefined ? undefined : await port.forkSession(original);
    if (copy === undefined || original === undefined) {
      return info(id === '' ? nothingStored : `No session starts with ${id}. /sessions lists them.`);
    }
    const shown = await switchSession(copy);
    return [...shown, ...info(`This is a copy. The original is ${original}.`)];
  },
};
