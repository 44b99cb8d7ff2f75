import { checkedTag } from '../../core/session-tag.js';
import { type Command, info } from './command.js';
import { nothingStored } from './rename.js';

export const tag: Command = {
  name: 'tag',
  argument: '[[-]WORD…]',
  describe: 'file this session under words, or not with a minus',
  async run({ port, sessionId }, argument) {
    const words = argument.split(/\s+/).filter((word) => word !== '');
    const add = words.filter((word) => !word.startsWith('-')).map(checkedTag);
    const remove = words.filter((word) => word.startsWith('-')).map((word) => checkedTag(word.slice(1)));
    const { sessions } = port.store;
    if (!(await sessions.tagSession(sessionId, { add, remove }))) return info(nothingStored);
    const tags = (await sessions.getSession(sessionId))?.tags ?? [];
    return info(tags.length === 0 ? 'This session has no tags.' : `Tags of this session: ${tags.join(', ')}`);
  },
};
