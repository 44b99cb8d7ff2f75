import { describe, expect, it } from 'vitest';
import type { Block } from '../../src/compaction/blocks.js';
import { makeRoom } from '../../src/compaction/room.js';
import { userMessage } from '../../src/core/message.js';
import { estimateTokens } from '../../src/core/tokens.js';

/** Blocks of so many messages each, every message of 14 tokens. */
const blocks = (...sizes: readonly number[]): Block[] =>
  sizes.map((size) => Array.from({ length: size }, () => userMessage('x'.repeat(40))));
const chosen = (room: { readonly chosen: ReadonlySet<number> }) => [...room.chosen].sort((a, b) => a - b);

describe('the room of a compaction', () => {
  it('takes blocks in the order given, passes over one that does not fit and takes a smaller one behind it', () => {
    const room = makeRoom(blocks(1, 4, 2, 1), { messages: 4 });
    room.fill([0, 1, 2, 3]);
    expect(chosen(room)).toEqual([0, 2, 3]);
  });

  it('counts tokens where a size in tokens is wanted, and never fills beyond it', () => {
    const all = blocks(1, 1, 1, 1);
    expect(estimateTokens(all[0]!)).toBe(14);
    const room = makeRoom(all, { tokens: 41 });
    room.fill(all.keys());
    expect(chosen(room)).toEqual([0, 1]);
  });

  it('lets a share be filled of the whole, and the rest by what comes later', () => {
    const room = makeRoom(blocks(1, 1, 1, 1, 1), { messages: 4 });
    room.fill([4, 3, 2], 0.5);
    expect(chosen(room)).toEqual([3, 4]);
    room.fill([0, 1, 2]);
    expect(chosen(room)).toEqual([0, 1, 3, 4]);
  });

  it('keeps a block that does not fit where it must, once, and then has no room for others', () => {
    const room = makeRoom(blocks(5, 1), { messages: 3 });
    room.keep(0);
    room.keep(0);
    room.fill([1]);
    expect(chosen(room)).toEqual([0]);
  });
});
