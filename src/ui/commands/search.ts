import type { SearchHit } from '../../core/store.js';
import { oneLine } from '../displayable.js';
import { type Command, info, output, warning } from './command.js';
import { localTime } from './session-line.js';

const mostHits = 10;

export const search: Command = {
  name: 'search',
  argument: 'WORDS',
  describe: 'find messages in all sessions; "in a row", beginn*',
  async run({ port }, query) {
    if (query === '') return warning('Say what to look for: /search WORDS');
    const hits = await port.store.sessions.searchMessages(query, { limit: mostHits });
    if (hits.length === 0) return info(`No message has ${query}.`);
    return output('Found, the best match first (/resume ID goes there)', hits.map(hitLine));
  },
};

function hitLine({ session, timestamp, snippet }: SearchHit): string {
  const line = snippet.map(({ text }) => text).join('');
  return `${session.id.slice(0, 8).padEnd(8)}  ${localTime(timestamp)}  ${oneLine(line)}`;
}
