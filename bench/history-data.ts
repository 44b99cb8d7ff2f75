import { assistantMessage, type Message, toolMessage, userMessage } from '../src/core/message.js';
import type { Store } from '../src/core/store.js';

/** Words as often as in natural text: the commonest in nearly every message, the rarest in a handful. */
const VOCABULARY = 30_000;
const WORDS = 40;

/** Numbers that are the same in every run. */
export function randomNumbers(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

/** The nth most common word. */
export const word = (rank: number): string => `w${rank.toString(36)}`;

export function text(random: () => number): string {
  const words = Array.from({ length: WORDS }, () => word(Math.floor(VOCABULARY ** random())));
  return `the ${words.join(' ')}`;
}

/** A conversation in which the model calls a tool each time before it answers. */
export function conversation(messages: number, random: () => number): Message[] {
  return Array.from({ length: messages }, (_, at): Message => {
    const call = { id: `c${at - (at % 4)}`, name: 'Read', input: { path: `src/${word(at)}.ts` } };
    const kinds = [
      () => userMessage(text(random)),
      () => assistantMessage(text(random), { toolCalls: [call] }),
      () => toolMessage(call, text(random)),
      () => assistantMessage(text(random)),
    ];
    return kinds[at % 4]!();
  });
}

/** Sessions as they would have come about, some minutes apart. */
export async function fill(store: Store, sessions: number, messages: number): Promise<void> {
  const random = randomNumbers();
  const start = Date.now() - sessions * 60_000;
  for (let session = 0; session < sessions; session += 1) {
    const timestamp = start + session * 60_000;
    await store.sessions.importSession({
      id: `session-${session}`,
      title: `About ${text(random).slice(4, 40)}`,
      cwd: `/work/project-${session % 50}`,
      createdAt: timestamp,
      updatedAt: timestamp,
      tags: session % 10 === 0 ? ['kept'] : [],
      log: conversation(messages, random).map((message) => ({
        entry: { type: 'message', message },
        timestamp,
      })),
    });
  }
}
