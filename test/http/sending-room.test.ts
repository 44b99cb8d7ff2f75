import { expect, it } from 'vitest';
import { createSendingRoom } from '../../src/http/sending-room.js';

it('gives texts that come one after the other the same place, each as its own bytes', () => {
  const room = createSendingRoom();
  const first = room(`{"text":"${'日本 '.repeat(2_000)}"}`);
  const { buffer } = first.bytes;
  expect(first.bytes.toString()).toBe(`{"text":"${'日本 '.repeat(2_000)}"}`);
  first.release();
  const second = room('short');
  expect(second.bytes.toString()).toBe('short');
  expect(second.bytes.buffer).toBe(buffer);
});

it('never gives the bytes of one that is still being sent to another', () => {
  const room = createSendingRoom();
  const first = room('the first');
  const second = room('another one');
  expect(first.bytes.toString()).toBe('the first');
  expect(second.bytes.toString()).toBe('another one');
  first.release();
  const third = room('the third');
  // A second release of the first is none of the third.
  first.release();
  expect(room('the fourth').bytes.toString()).toBe('the fourth');
  expect(third.bytes.toString()).toBe('the third');
});

it('makes room for a longer one, and keeps none for what is huge', () => {
  const room = createSendingRoom();
  for (const length of [0, 1, 65_536, 65_537, 1_000_000, 5_000_000, 10]) {
    const sent = room('x'.repeat(length));
    expect(sent.bytes.toString()).toBe('x'.repeat(length));
    sent.release();
  }
  const huge = room('x'.repeat(5_000_000));
  const small = room('small');
  expect(small.bytes.buffer).not.toBe(huge.bytes.buffer);
  expect(small.bytes.buffer.byteLength).toBeLessThan(4_200_000);
});
