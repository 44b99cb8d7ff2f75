import type { Message } from '../core/message.js';

/** Messages that are kept or left out together: one that stands alone, or one with calls and the results of them. */
export type Block = readonly Message[];

/** A conversation in its blocks, in order, without the system messages. */
export function toBlocks(messages: readonly Message[]): readonly Block[] {
  const blocks: Message[][] = [];
  for (const message of messages) {
    if (message.role === 'system') continue;
    const last = blocks.at(-1);
    if (message.role === 'tool' && last) last.push(message);
    else blocks.push([message]);
  }
  return blocks;
}

/** How many blocks at the end it takes to hold at least the last `count` messages. */
export function blocksHolding(blocks: readonly Block[], count: number): number {
  let taken = 0;
  let messages = 0;
  while (messages < count && taken < blocks.length) messages += blocks[blocks.length - ++taken]!.length;
  return taken;
}

/** The block with what the user said last; a summary is not the user's. */
export function latestUserBlock(blocks: readonly Block[]): number {
  return blocks.findLastIndex(([first]) => first?.role === 'user' && !first.summary);
}

/** The context's messages that are in the chosen blocks, in order, behind all system messages. */
export function onlyBlocks(
  messages: readonly Message[],
  blocks: readonly Block[],
  chosen: ReadonlySet<number>,
): readonly Message[] {
  return [
    ...messages.filter((message) => message.role === 'system'),
    ...blocks.filter((_, index) => chosen.has(index)).flat(),
  ];
}
