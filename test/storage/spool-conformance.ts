import { spawnSync } from 'node:child_process';
import { describe, expect, it, vi } from 'vitest';
import type { AnalyticsEvent } from '../../src/core/extension.js';
import type { Lease, Recipients, Spool } from '../../src/core/spool.js';
import type { Store } from '../../src/core/store.js';
import { newHolder } from '../../src/delivery/lease-holder.js';

const event = (id: string, sessionId = 's', data: AnalyticsEvent['data'] = { n: 1 }): AnalyticsEvent => ({
  id,
  sessionId,
  type: 'turn_end',
  data,
  timestamp: 1_700_000_000_000,
});
const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => event(`e${from + index}`));
const to = (...ids: string[]): Recipients => ({
  exporters: ids.map((id) => ({ id, name: `name of ${id}` })),
  maxEvents: 1_000,
  maxBytes: 1_000_000,
});
const lease = (exporter: string, holder = newHolder()): Lease => ({ exporter, holder, leaseMs: 30_000 });
const all = { maxEvents: 500 };
const ids = (claim: Awaited<ReturnType<Spool['claim']>>) =>
  claim.status === 'claimed' ? claim.events.map(({ id }) => id) : claim.status;
const stateOf = async ({ spool }: Store, id: string) => (await spool.states()).find((one) => one.id === id);

/** What every store must do with what waits for exporters. The function gives the fresh store of the running test. */
export function describeSpool(name: string, current: () => Store): void {
  describe(`${name}: what waits for exporters`, () => {
    it('an event waits for those it was stored for, and for a new one only what is stored from then on', async () => {
      const { analytics, spool } = current();
      await analytics.appendEvents([event('e1')]);
      await analytics.appendEvents([event('e2')], to('a'));
      await analytics.appendEvents([event('e3', 's', { text: 'é😀', none: null, yes: true })], to('b', 'a'));
      expect(ids(await spool.claim(lease('a'), all))).toEqual(['e2', 'e3']);
      expect(await spool.claim(lease('b'), all)).toMatchObject({
        status: 'claimed',
        failures: 0,
        events: [event('e3', 's', { text: 'é😀', none: null, yes: true })],
      });
      expect(await spool.claim(lease('nobody'), all)).toEqual({ status: 'empty' });
    });

    it('gives the oldest first, so many at once, or those of one session, until they are settled', async () => {
      const { analytics, spool } = current();
      const events = [event('e1', 'one'), event('e2', 'two'), event('e3', 'one'), event('e4', 'two')];
      await analytics.appendEvents(events, to('a'));
      const mine = lease('a');
      expect(ids(await spool.claim(mine, { maxEvents: 1 }))).toEqual(['e1']);
      expect(ids(await spool.claim(mine, { maxEvents: 9, sessionId: 'two' }))).toEqual(['e2', 'e4']);
      await spool.settle(mine, ['e2', 'e4'], {});
      expect(ids(await spool.claim(mine, all))).toEqual(['e1', 'e3']);
      expect(ids(await spool.claim(mine, { maxEvents: 9, sessionId: 'two' }))).toBe('empty');
    });

    it('counts what waits, was sent, thrown away by the receiver, and put aside with its reason', async () => {
      const { analytics, spool } = current();
      await analytics.appendEvents(numbered(1, 6), to('a'));
      expect(await stateOf(current(), 'a')).toMatchObject({ waiting: 6, sent: 0, name: 'name of a' });
      const before = (await stateOf(current(), 'a'))!.waitingBytes;
      expect(before).toBeGreaterThan(600);
      const mine = lease('a');
      await spool.claim(mine, all);
      await spool.settle(mine, ['e1', 'e2', 'e3'], { rejected: 1 });
      await spool.settle(mine, ['e4', 'e5'], { quarantined: 'it said 400' });
      expect(await stateOf(current(), 'a')).toEqual({
        ...{ id: 'a', name: 'name of a', waiting: 1, waitingBytes: before / 6 },
        ...{ sent: 2, dropped: 1, quarantined: 2, failures: 0 },
        ...{ retryAt: null, lastError: null, quarantineReason: 'it said 400' },
      });
    });

    it('X04: an event that comes again, or is settled twice, counts once', async () => {
      const { analytics, spool } = current();
      await analytics.appendEvents([event('e1'), event('e1')], to('a'));
      await analytics.appendEvents([event('e1'), event('e2')], to('a'));
      expect(await stateOf(current(), 'a')).toMatchObject({ waiting: 2 });
      const mine = lease('a');
      expect(ids(await spool.claim(mine, all))).toEqual(['e1', 'e2']);
      await spool.settle(mine, ['e1'], {});
      await spool.settle(mine, ['e1', 'e2', 'unknown'], {});
      await analytics.appendEvents([event('e1')], to('a'));
      expect(await stateOf(current(), 'a')).toMatchObject({ waiting: 0, waitingBytes: 0, sent: 2 });
    });

    it('X08: nobody else gets an event while somebody sends, and everybody when that is over', async () => {
      const { analytics, spool } = current();
      await analytics.appendEvents(numbered(1, 3), to('a', 'b'));
      const [first, second] = [lease('a'), lease('a')];
      expect(ids(await spool.claim(first, { maxEvents: 1 }))).toEqual(['e1']);
      expect(await spool.claim(second, all)).toEqual({ status: 'held', holder: first.holder });
      // Another exporter is another turn.
      expect(ids(await spool.claim(lease('b'), all))).toHaveLength(3);
      // What is stored meanwhile waits for the one who sends.
      await analytics.appendEvents([event('e4')], to('a'));
      await spool.settle(first, ['e1'], {});
      expect(await spool.claim(second, all)).toMatchObject({ status: 'held' });
      expect(ids(await spool.claim(first, all))).toEqual(['e2', 'e3', 'e4']);
      await spool.settle(first, ['e2', 'e3'], {});
      await spool.release(second);
      expect(await spool.claim(second, all)).toMatchObject({ status: 'held' });
      await spool.release(first);
      expect(ids(await spool.claim(second, all))).toEqual(['e4']);
      // To find nothing is to be done.
      await spool.settle(second, ['e4'], {});
      expect(ids(await spool.claim(second, all))).toBe('empty');
      await analytics.appendEvents([event('e5')], to('a'));
      expect(ids(await spool.claim(first, all))).toEqual(['e5']);
    });

    it('X08: a dead holder keeps nobody waiting, one on another machine until its time is over', async () => {
      const { analytics, spool } = current();
      await analytics.appendEvents(numbered(1, 2), to('a', 'b'));
      const { pid } = spawnSync(process.execPath, ['--version']);
      const dead = lease('a', newHolder().replace(/^\d+/, String(pid)));
      expect(ids(await spool.claim(dead, all))).toHaveLength(2);
      expect(ids(await spool.claim(lease('a'), all))).toHaveLength(2);
      const elsewhere = lease('b', '1@another-machine/x');
      await spool.claim(elsewhere, all);
      expect(await spool.claim(lease('b'), all)).toMatchObject({ status: 'held' });
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 29_000 });
      try {
        expect(await spool.claim(lease('b'), all)).toMatchObject({ status: 'held' });
        vi.setSystemTime(Date.now() + 2_000);
        expect(ids(await spool.claim(lease('b'), all))).toHaveLength(2);
        // A clock that was set back does not make a lease longer.
        vi.setSystemTime(Date.now() - 86_400_000);
        expect(ids(await spool.claim(lease('b'), all))).toHaveLength(2);
      } finally {
        vi.useRealTimers();
      }
    });

    it('an exporter that failed is left alone until its time, unless it is to be at once; an arrival ends that', async () => {
      const { analytics, spool } = current();
      await analytics.appendEvents(numbered(1, 2), to('a'));
      const mine = lease('a');
      const retryAt = Date.now() + 60_000;
      for (const error of ['down', 'still down']) {
        await spool.claim(mine, { ...all, atOnce: true });
        await spool.release(mine, { error, retryAt });
      }
      expect(await spool.claim(lease('a'), all)).toEqual({ status: 'resting', until: retryAt });
      expect(await stateOf(current(), 'a')).toMatchObject({ failures: 2, retryAt, lastError: 'still down' });
      expect(await spool.claim(mine, { ...all, atOnce: true })).toMatchObject({ failures: 2 });
      await spool.settle(mine, ['e1'], {});
      await spool.release(mine);
      expect(await stateOf(current(), 'a')).toMatchObject({ failures: 0, retryAt: null, lastError: null });
      expect(ids(await spool.claim(lease('a'), all))).toEqual(['e2']);
      // Only who has the turn can have failed.
      await spool.release(lease('a'), { error: 'not mine', retryAt });
      expect(await stateOf(current(), 'a')).toMatchObject({ failures: 0 });
    });

    it('X01: what waits is bounded by rows: the oldest goes, is counted and told', async () => {
      const { analytics, spool } = current();
      const bounded = { ...to('a'), maxEvents: 5 };
      expect(await analytics.appendEvents(numbered(1, 5), bounded)).toEqual([]);
      expect(
        await analytics.appendEvents(numbered(6, 8), { ...bounded, exporters: to('a', 'b').exporters }),
      ).toEqual([{ exporter: 'a', count: 3, reason: expect.stringContaining('more than 5 events') }]);
      expect(await stateOf(current(), 'a')).toMatchObject({ waiting: 5, dropped: 3 });
      expect(await stateOf(current(), 'b')).toMatchObject({ waiting: 3, dropped: 0 });
      expect(ids(await spool.claim(lease('a'), all))).toEqual(['e4', 'e5', 'e6', 'e7', 'e8']);
      // They are lost to the exporter alone.
      expect(await analytics.readEvents('s')).toHaveLength(8);
    });

    it('X01: and by bytes, exactly', async () => {
      const { analytics } = current();
      await analytics.appendEvents([event('first', 's', { text: 'x'.repeat(1_000) })], to('a'));
      const { waitingBytes } = (await stateOf(current(), 'a'))!;
      const bounded = { ...to('a'), maxBytes: waitingBytes * 10 };
      const more = Array.from({ length: 12 }, (_, index) =>
        event(`m${index}`, 's', { text: 'y'.repeat(1_000) }),
      );
      const [dropped] = await analytics.appendEvents(more, bounded);
      expect(dropped?.count).toBe(3);
      expect(await stateOf(current(), 'a')).toMatchObject({
        waiting: 10,
        dropped: 3,
        waitingBytes: waitingBytes * 10,
      });
    });

    it('what is on its way is not dropped: it may arrive, and counts once', async () => {
      const { analytics, spool } = current();
      const bounded = { ...to('a'), maxEvents: 4 };
      await analytics.appendEvents(numbered(1, 4), bounded);
      const mine = lease('a');
      expect(ids(await spool.claim(mine, { maxEvents: 2 }))).toEqual(['e1', 'e2']);
      const [dropped] = await analytics.appendEvents(numbered(5, 8), bounded);
      expect(dropped?.count).toBe(4);
      await spool.settle(mine, ['e1', 'e2'], {});
      expect(ids(await spool.claim(mine, all))).toEqual(['e7', 'e8']);
      expect(await stateOf(current(), 'a')).toMatchObject({ sent: 2, dropped: 4, waiting: 2 });
    });

    it.each([
      ['NaN', { value: Number.NaN }, 'turn_end.value is NaN'],
      ['no finite number', { value: Number.POSITIVE_INFINITY }, 'turn_end.value is Infinity'],
      ['a negative number', { value: -1 }, 'turn_end.value is -1'],
      ['a value of another kind', { value: [1] as never }, 'turn_end.value is object'],
      ['far too much', { value: 'x'.repeat(70_000) }, 'more than 65536'],
    ])(
      'X07: an event with %s is dropped with the reason, and the others go on',
      async (_case, data, reason) => {
        const { analytics, spool } = current();
        const events = [event('e1'), event('bad', 's', data), event('e3')];
        expect(await analytics.appendEvents(events, to('a'))).toEqual([
          { exporter: 'a', count: 1, reason: expect.stringContaining(reason) },
        ]);
        expect(ids(await spool.claim(lease('a'), all))).toEqual(['e1', 'e3']);
        expect(await stateOf(current(), 'a')).toMatchObject({ waiting: 2, dropped: 1 });
        expect(await analytics.readEvents('s')).toHaveLength(3);
      },
    );

    it('tells which events still wait for somebody', async () => {
      const { analytics, spool } = current();
      await analytics.appendEvents(numbered(1, 3), to('a', 'b'));
      const mine = lease('a');
      await spool.claim(mine, all);
      await spool.settle(mine, ['e1', 'e2'], {});
      expect(await spool.stillWaiting(['a'], ['e1', 'e2', 'e3'])).toEqual(new Set(['e3']));
      expect(await spool.stillWaiting(['a', 'b'], ['e1', 'e3'])).toEqual(new Set(['e1', 'e3']));
      expect(await spool.stillWaiting([], ['e1'])).toEqual(new Set());
    });

    it('the events of a deleted session are sent all the same', async () => {
      const { analytics, sessions, spool } = current();
      await sessions.openSession('s', '/work');
      await analytics.appendEvents([event('e1')], to('a'));
      await sessions.deleteSession('s');
      expect(ids(await spool.claim(lease('a'), all))).toEqual(['e1']);
    });
  });
}
