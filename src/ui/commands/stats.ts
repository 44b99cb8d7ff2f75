import { barCells, type Command, output, warning } from './command.js';

const usualDays = 30;

export const stats: Command = {
  name: 'stats',
  argument: '[DAYS] [BY]',
  describe: 'what was counted in the last days, by model, tool, project, session or day',
  async run({ host, columns }, argument) {
    if (!host) return warning('There is nothing to count with here.');
    const [, number = '', by = ''] = /^(\d*)\s*(?:by\s+)?(.*)$/i.exec(argument) ?? [];
    const days = Math.min(3_650, Math.max(1, Number(number || usualDays)));
    const request = { days, by: by.toLowerCase() || 'model', columns: columns - barCells };
    return output('Statistics', (await host.statistics(request)).split('\n'));
  },
};
