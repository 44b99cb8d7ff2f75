import type { SessionSummary } from '../../core/store.js';
import { oneLine } from '../displayable.js';
import { type Command, info, output } from './command.js';

const mostSessions = 20;

export const sessions: Command = {
  name: 'sessions',
  describe: 'list recent sessions',
  async run({ port, sessionId }) {
    const list = await port.coordinators.session.list({ limit: mostSessions });
    if (list.length === 0) return info('There are no sessions yet.');
    const lines = list.map((one) => `${one.id === sessionId ? '*' : ' '} ${sessionLine(one)}`);
    return output('Sessions, newest first (/resume ID continues one)', lines);
  },
};

/** `1a2b3c4d  2026-01-31 18:04   12 messages  Fix the parser`. */
export function sessionLine({ id, updatedAt, messages, title }: SessionSummary): string {
  return `${id.slice(0, 8).padEnd(8)}  ${localTime(updatedAt)}  ${String(messages).padStart(4)} messages  ${oneLine(title)}`;
}

function localTime(timestamp: number): string {
  const date = new Date(timestamp);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
