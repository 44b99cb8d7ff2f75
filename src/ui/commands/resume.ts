import { type Command, info, output, warning } from './command.js';
import { sessionLine } from './sessions.js';

export const resume: Command = {
  name: 'resume',
  argument: '[id]',
  describe: 'continue another session; the start of its id is enough',
  needsIdle: true,
  async run({ port, sessionId, switchSession }, id) {
    const { session } = port.coordinators;
    const found =
      id === '' ? await session.list({ limit: 20 }) : await session.list({ idPrefix: id, limit: 20 });
    const others = found.filter((one) => one.id !== sessionId);
    if (id !== '' && found.length === 1 && others.length === 0) return info('You are in this session.');
    const exact = others.find((one) => one.id === id) ?? (others.length === 1 ? others[0] : undefined);
    if (id !== '' && exact) return switchSession(exact.id);
    if (others.length === 0) {
      return id === ''
        ? info('There is no other session.')
        : warning(`No session starts with ${id}. /sessions lists them.`);
    }
    const title =
      id === '' ? 'Say which: /resume ID' : `Several sessions start with ${id}; type more of the id`;
    return output(title, others.map(sessionLine));
  },
};
