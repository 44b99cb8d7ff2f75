import type { ServerStep } from '../helpers/model-server.js';

/** A call of the tool that a fault session offers. */
export function note(text: string, id?: string): NonNullable<ServerStep['toolCalls']>[number] {
  return { name: 'Note', input: { text }, ...(id === undefined ? {} : { id }) };
}
