import { describe, expect, it } from 'vitest';
import { assistantMessage, type Message, toolMessage, userMessage } from '../../src/core/message.js';
import { replayLog } from '../../src/core/replay-log.js';
import type { LogRecord } from '../../src/core/store.js';
import { validHistory } from '../../src/core/valid-history.js';

const call = (id: string) => ({ id, name: 'Read', input: { path: 'a' } });
const entries = (...records: LogRecord[]) =>
  records.map((entry, index) => ({ sequence: index + 1, entry, timestamp: 0 }));
const said = (message: Message): LogRecord => ({ type: 'message', message });

describe('validHistory', () => {
  it('gives back the same array when the history is valid already', () => {
    const asked = assistantMessage('', { toolCalls: [call('1')] });
    const history = [userMessage('a'), asked, toolMessage(call('1'), 'content'), assistantMessage('done')];
    expect(validHistory(history)).toBe(history);
  });

  it('closes a call without a result as "outcome unknown" instead of hiding it', () => {
    const history = validHistory([
      userMessage('a'),
      assistantMessage('', { toolCalls: [call('1'), call('2')] }),
    ]);
    expect(history.map((message) => message.toolCallId)).toEqual([undefined, undefined, '1', '2']);
    expect(history[2]).toMatchObject({ role: 'tool', isError: true });
    expect(history[2]?.content).toContain('Outcome unknown');
  });

  it('moves results behind their calls and drops those without one', () => {
    const asked = assistantMessage('', { toolCalls: [call('1'), call('2')] });
    const one = toolMessage(call('1'), 'one');
    const two = toolMessage(call('2'), 'two');
    const stray = toolMessage(call('9'), 'nobody asked');
    expect(validHistory([userMessage('a'), stray, asked, two, one]).slice(1)).toEqual([asked, one, two]);
  });

  it('lets the user speak first and drops empty answers', () => {
    const answer = assistantMessage('hello');
    const history = validHistory([answer, assistantMessage('')]);
    expect(history.map((message) => message.role)).toEqual(['user', 'assistant']);
    expect(history[1]).toBe(answer);
  });
});

describe('replayLog', () => {
  const first = userMessage('first');
  const second = userMessage('second');

  it('starts over at a reset marker', () => {
    expect(replayLog(entries(said(first), { type: 'reset' }, said(second)))).toEqual([second]);
  });

  it('starts from the messages of the latest compaction', () => {
    const log = entries(said(first), { type: 'compaction', messages: [second], strategy: 'recent' });
    expect(replayLog(log)).toEqual([second]);
  });

  it('leaves out the messages of a failed turn', () => {
    const failed: LogRecord = { type: 'failed-turn', messageIds: [first.id], error: 'provider-network' };
    expect(replayLog(entries(said(first), failed, said(second)))).toEqual([second]);
  });

  it('V20: resumes a crash between a call and its result with a synthetic result', () => {
    const asked = assistantMessage('', { toolCalls: [call('1')] });
    const messages = replayLog(entries(said(first), said(asked)));
    expect(messages.at(-1)).toMatchObject({ role: 'tool', toolCallId: '1', isError: true });
  });
});
