import { type Command, info, warning } from './command.js';

export const exportCommand: Command = {
  name: 'export',
  argument: '[AS] [FILE]',
  describe: 'write this session as md, json or html',
  async run({ exportSession, sessionId }, argument) {
    if (!exportSession) return warning('There is nothing to write documents with here.');
    const [, format, file] = /^(?:(md|json|html)(?:\s+|$))?(.*)$/s.exec(argument) ?? [];
    return info(await exportSession(sessionId, { ...(format ? { format } : {}), ...(file ? { file } : {}) }));
  },
};
