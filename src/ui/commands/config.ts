import { shownOrigin, shownSetting } from '../../config/setting-rows.js';
import { type Command, info, output } from './command.js';

export const config: Command = {
  name: 'config',
  argument: '[key]',
  describe: 'the settings that hold in this session, and where each comes from',
  run({ port, sessionId }, argument) {
    const rows = port.settingRows(sessionId);
    const asked = rows.filter(({ key }) => key.toLowerCase().startsWith(argument.toLowerCase()));
    if (asked.length === 0) return info(`There is no setting ${argument}. /config lists them all.`);
    const lines = asked.map((row) => `${shownSetting(row)}  # ${shownOrigin(row.origin)}`);
    return output('Settings', lines);
  },
};
