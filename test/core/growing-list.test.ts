import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grown, growsFrom, readOnce } from '../../src/core/growing-list.js';

/** Reads numbers, and keeps what it was shown. */
function watchedReader() {
  const shown: number[] = [];
  const read = readOnce(
    () => [] as number[],
    (state, item: number) => {
      shown.push(item);
      state.push(item);
    },
  );
  return { shown, read };
}

describe('a list that grows', () => {
  it('is frozen, and grows from each shorter one, but not the other way', () => {
    const one = grown([], [1]);
    const two = grown(one, [2]);
    const three = grown(two, [3]);
    expect(three).toEqual([1, 2, 3]);
    expect(Object.isFrozen(three)).toBe(true);
    expect([growsFrom(three, one), growsFrom(three, two), growsFrom(three, three)]).toEqual([
      true,
      true,
      true,
    ]);
    expect(growsFrom(one, three)).toBe(false);
  });

  it('is another one where two grew from the same list', () => {
    const start = grown([], [1]);
    const [left, right] = [grown(start, [2]), grown(start, [3])];
    expect([growsFrom(left, start), growsFrom(right, left), growsFrom(left, right)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(growsFrom(grown(right, [4]), left)).toBe(false);
  });

  it('is not known of a list that anybody may change', () => {
    const list = [1];
    expect(growsFrom(list, list)).toBe(false);
    const { read } = watchedReader();
    expect(read(list)).toEqual([1]);
    list[0] = 5;
    expect(read(list)).toEqual([5]);
  });

  it('is shown to its reader once, however often it is read as it grows', () => {
    const { shown, read } = watchedReader();
    let list = grown<number>([], []);
    for (let item = 0; item < 100; item += 1) {
      list = grown(list, [item]);
      expect(read(list)).toHaveLength(item + 1);
      read(list);
    }
    expect(shown).toEqual([...list]);
  });

  it('is read right whichever of the lists that grew from one another comes next', () => {
    const step = fc.record({ from: fc.nat(), more: fc.array(fc.nat(9), { maxLength: 3 }), asked: fc.nat() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { read } = watchedReader();
        const lists: (readonly number[])[] = [[]];
        for (const { from, more, asked } of steps) {
          lists.push(grown(lists[from % lists.length]!, more));
          const list = lists[asked % lists.length]!;
          expect(read(list)).toEqual([...list]);
          for (const other of lists.filter((one) => growsFrom(list, one))) {
            expect(list.slice(0, other.length)).toEqual([...other]);
          }
        }
      }),
    );
  });
});
