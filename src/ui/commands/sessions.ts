import { type Command, info } from './command.js';
import { sessionLine } from './session-line.js';

/** As many as one would look through; /search finds the others. */
const mostOffered = 200;

export const sessions: Command = {
  name: 'sessions',
  aliases: ['resume'],
  argument: '[words or id]',
  describe: 'choose a session to go on with, all of them or those with words',
  needsIdle: true,
  async run({ port, sessionId, switchSession, choose }, wanted) {
    const { session } = port.coordinators;
    const byId = wanted === '' ? [] : await session.list({ idPrefix: wanted, limit: mostOffered });
    if (byId.length === 1) {
      return byId[0]!.id === sessionId ? info('You are in this session.') : switchSession(byId[0]!.id);
    }
    const exact = byId.find(({ id }) => id === wanted);
    if (exact) return exact.id === sessionId ? info('You are in this session.') : switchSession(exact.id);
    const all = byId.length > 0 ? byId : await session.list({ limit: mostOffered });
    const words = byId.length > 0 ? [] : wanted.toLowerCase().split(/\s+/).filter(Boolean);
    const lines = all.map((one) => `${sessionLine(one)}${one.id === sessionId ? ' (this one)' : ''}`);
    const found = all
      .map((one, index) => ({ id: one.id, line: lines[index]! }))
      .filter(({ line }) => words.every((word) => line.toLowerCase().includes(word)));
    if (found.length === 0) {
      return wanted === ''
        ? info('There are no sessions yet.')
        : info(`No session has ${wanted} in its id, title or tags. /search looks into what was said.`);
    }
    const chosen =
      found[
        (await choose(
          'Which session?',
          found.map(({ line }) => line),
        )) ?? -1
      ];
    if (!chosen) return [];
    return chosen.id === sessionId ? info('You are in this session.') : switchSession(chosen.id);
  },
};
