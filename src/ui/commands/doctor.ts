import { oneLine } from '../displayable.js';
import type { HealthLine } from '../host.js';
import { type Command, info, output, warning } from './command.js';

const marks: Readonly<Record<HealthLine['status'], string>> = { ok: '✓', info: '·', failed: '✗' };

export const doctor: Command = {
  name: 'doctor',
  describe: 'check this installation and this chat, and say how to mend what is wrong',
  async run({ host, show }) {
    if (!host) return warning('There is nothing to check with here.');
    let failed = 0;
    show(info('Looking at the system, the settings and this chat …'));
    await host.checkHealth((group, lines) => {
      failed += lines.filter((line) => line.status === 'failed').length;
      show(output(`Checked: ${group}`, lines.map(healthLine)));
    });
    if (failed === 0) return info('Nothing is broken.');
    return warning(`${failed} ${failed === 1 ? 'thing is' : 'things are'} broken: see what has a ✗.`);
  },
};

function healthLine({ name, status, detail }: HealthLine): string {
  return `${marks[status]} ${oneLine(name)}: ${oneLine(detail)}`;
}
