import type { ServerStep } from '../helpers/model-server.js';
import type { Dialect } from './dialects.js';
import { note } from './note-call.js';

/** Six answers whose streams have 2 to 6 kB in this dialect: who tells everything more than once has less to tell. */
export function streamsToBreak({ tellings }: Dialect): Readonly<Record<string, ServerStep>> {
  const words = (count: number) => 'Some words, naïve ones: ä👋. '.repeat(Math.ceil(count / tellings));
  const chunks = (count: number) => ({ chunks: Math.max(2, Math.ceil(count / tellings)) });
  return {
    text: { text: words(40), ...chunks(12) },
    thinking: { thinking: words(40), text: words(10), ...chunks(8) },
    'one call': { text: 'I take a note of it.', toolCalls: [note(words(40), 'c1')], ...chunks(8) },
    'parallel calls': {
      text: 'I take three notes.',
      toolCalls: [note('one', 'c1'), note('two', 'c2'), note(words(8), 'c3')],
      ...chunks(3),
    },
    'an error event': {
      text: words(40),
      error: { kind: 'overloaded', message: 'Overloaded' },
      ...chunks(12),
    },
    'long arguments': { toolCalls: [note(words(80), 'c1')], ...chunks(6) },
  };
}
