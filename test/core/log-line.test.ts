import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currentLine, lastRewind } from '../../src/core/log-line.js';
import { assistantMessage, toolMessage, userMessage } from '../../src/core/message.js';
import { replayLog } from '../../src/core/replay-log.js';
import type { LogEntry, LogRecord } from '../../src/core/store.js';

const log = (records: readonly LogRecord[]): LogEntry[] =>
  records.map((entry, index) => ({ sequence: index + 1, entry, timestamp: 0 }));
const said = (id: string): LogRecord => ({ type: 'message', message: { id, role: 'user', content: id } });
const back = (id: string, before: string): LogRecord => ({ type: 'rewind', id, before });
const line = (records: readonly LogRecord[]) =>
  currentLine(log(records)).map(({ entry }) => (entry.type === 'message' ? entry.message.id : entry.type));

describe('the line of a log that counts', () => {
  it('is the whole log where nobody went back', () => {
    const entries = log([said('a'), { type: 'reset' }, said('b')]);
    expect(currentLine(entries)).toBe(entries);
  });

  it('goes on from before the message, and from before a rewind that is taken back', () => {
    const start = [said('a'), said('b'), said('c')];
    expect(line([...start, back('r', 'b')])).toEqual(['a']);
    expect(line([...start, back('r', 'b'), said('d')])).toEqual(['a', 'd']);
    expect(line([...start, back('r', 'b'), back('s', 'r')])).toEqual(['a', 'b', 'c']);
    expect(line([...start, back('r', 'b'), said('d'), back('s', 'd'), back('t', 's')])).toEqual(['a', 'd']);
    // Also what was left behind can be gone back to.
    expect(line([...start, back('r', 'b'), said('d'), back('s', 'c')])).toEqual(['a', 'b']);
  });

  it('is not changed by a rewind to what the log does not have', () => {
    for (const before of ['nothing', 'later', 'r'])
      expect(line([said('a'), said('b'), back('r', before), said('later')])).toEqual(['a', 'b', 'later']);
  });

  it('undoes a reset and a compaction that came after', () => {
    const compaction: LogRecord = { type: 'compaction', messages: [], strategy: 'recent' };
    for (const emptied of [compaction, { type: 'reset' } as const]) {
      const entries = log([said('a'), said('b'), emptied, said('c'), back('r', 'b')]);
      expect(replayLog(entries).map(({ id }) => id)).toEqual(['a']);
    }
  });

  it('can be taken back only while nothing was said since, the newest first', () => {
    const start = [said('a'), said('b'), back('r', 'b'), back('s', 'a')];
    expect(lastRewind(log(start))).toBe('s');
    expect(lastRewind(log([...start, back('t', 's')]))).toBe('r');
    expect(lastRewind(log([...start, back('t', 's'), back('u', 'r')]))).toBeUndefined();
    expect(lastRewind(log([...start, said('c')]))).toBeUndefined();
  });

  it('is what a naive reading of the log says, and no call is parted from its result, over random logs', () => {
    const step = fc.record({ kind: fc.constantFrom('turn', 'turn', 'rewind', 'reset'), at: fc.nat(30) });
    let rewinds = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
        const records: LogRecord[] = [];
        /** What the conversation was before each id, kept the simple way. */
        const before = new Map<string, readonly string[]>();
        let now: string[] = [];
        for (const [index, { kind, at }] of steps.entries()) {
          if (kind === 'reset') {
            records.push({ type: 'reset' });
            now = [];
          } else if (kind === 'rewind' && before.size > 0) {
            const [to, was] = [...before][at % before.size]!;
            before.set(`r${index}`, [...now]);
            records.push(back(`r${index}`, to));
            now = [...was];
            rewinds += 1;
          } else {
            const user = userMessage(`turn ${index}`);
            const call = { id: `c${index}`, name: 'Read', input: {} };
            const messages = [
              user,
              assistantMessage('', { toolCalls: [call] }),
              toolMessage(call, 'read'),
              assistantMessage('done'),
            ];
            before.set(user.id, [...now]);
            records.push(...messages.map((message): LogRecord => ({ type: 'message', message })));
            now.push(...messages.map(({ id }) => id));
          }
        }
        const messages = replayLog(log(records));
        expect(messages.map(({ id }) => id)).toEqual(now);
        for (const [index, { toolCalls = [] }] of messages.entries())
          for (const { id } of toolCalls) expect(messages[index + 1]?.toolCallId).toBe(id);
      }),
      { numRuns: 500, seed: 7 },
    );
    expect(rewinds).toBeGreaterThan(500);
  });
});
