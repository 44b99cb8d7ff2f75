import { describe, expect, it } from 'vitest';
import { UNCOMPACT } from '../../src/core/compaction.js';
import type { LogEntry, LogRecord } from '../../src/core/store.js';
import { uncompacted } from '../../src/core/uncompacted.js';

const said = (id: string): LogRecord => ({ type: 'message', message: { id, role: 'user', content: id } });
const compacted = (...ids: readonly string[]): LogRecord => ({
  type: 'compaction',
  strategy: 'recent',
  messages: ids.map((id) => ({ id, role: 'user', content: id })),
});
const takenBack = (...ids: readonly string[]): LogRecord =>
  ({ ...compacted(...ids), strategy: UNCOMPACT }) as LogRecord;
const idsOf = (...records: readonly LogRecord[]) =>
  uncompacted(records.map((entry, index): LogEntry => ({ sequence: index + 1, entry, timestamp: 0 })))?.map(
    ({ id }) => id,
  );

describe('the context without its last compaction', () => {
  it('is what was before it and what was said since', () => {
    expect(idsOf(said('a'), said('b'), compacted('b'), said('c'))).toEqual(['a', 'b', 'c']);
  });

  it('of two goes back behind the later first, and behind the earlier when that is taken back', () => {
    const two = [said('a'), said('b'), compacted('b'), said('c'), compacted('c'), said('d')];
    expect(idsOf(...two)).toEqual(['b', 'c', 'd']);
    expect(idsOf(...two, takenBack('b', 'c', 'd'), said('e'))).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(idsOf(...two, takenBack('b', 'c', 'd'), takenBack('a', 'b', 'c', 'd'))).toBeUndefined();
  });

  it('is none without a compaction, after a reset, and after a rewind to before it', () => {
    expect(idsOf(said('a'))).toBeUndefined();
    expect(idsOf(said('a'), compacted('a'), { type: 'reset' }, said('b'))).toBeUndefined();
    expect(
      idsOf(said('a'), said('b'), compacted('b'), { type: 'rewind', id: 'r', before: 'b' }),
    ).toBeUndefined();
  });

  it('leaves out what a failed turn took away since', () => {
    const failed: LogRecord = { type: 'failed-turn', messageIds: ['c'], error: 'provider' };
    expect(idsOf(said('a'), said('b'), compacted('b'), said('c'), failed)).toEqual(['a', 'b']);
  });
});
