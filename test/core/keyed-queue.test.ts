import { expect, it } from 'vitest';
import { KeyedQueue } from '../../src/core/keyed-queue.js';

it('runs work of one key in the order it was asked for, and other keys meanwhile', async () => {
  const queue = new KeyedQueue();
  const order: string[] = [];
  const work = async (key: string, name: string, until: Promise<unknown>) => {
    const release = await queue.acquire(key);
    order.push(`${name} starts`);
    await until;
    order.push(`${name} ends`);
    release();
  };
  let finishFirst = () => {};
  const first = work('a', 'a1', new Promise<void>((done) => (finishFirst = done)));
  const second = work('a', 'a2', Promise.resolve());
  await work('b', 'b1', Promise.resolve());
  expect(order).toEqual(['a1 starts', 'b1 starts', 'b1 ends']);
  finishFirst();
  await Promise.all([first, second]);
  expect(order.slice(3)).toEqual(['a1 ends', 'a2 starts', 'a2 ends']);
});
