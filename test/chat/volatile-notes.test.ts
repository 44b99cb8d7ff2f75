import { describe, expect, it } from 'vitest';
import { VolatileNotes } from '../../src/chat/volatile-notes.js';
import { assistantMessage, toolMessage, userMessage } from '../../src/core/message.js';

const call = { id: 'c', name: 'Read', input: {} };
const first = userMessage('first');
const calling = assistantMessage('', { toolCalls: [call] });
const result = toolMessage(call, 'content');
const notesOf = (messages: readonly { readonly volatile?: string }[]) =>
  messages.map(({ volatile }) => volatile?.split('\n').slice(1).join('\n'));

describe('volatile notes', () => {
  it('stand behind the last message, and stay there when the conversation goes on', () => {
    const notes = new VolatileNotes();
    expect(notesOf(notes.place('s', [first], 'A'))).toEqual(['A']);
    expect(notesOf(notes.place('s', [first, calling, result], 'A'))).toEqual(['A', undefined, undefined]);
  });

  it('are said again when they have changed, and what was sent before stays as it was', () => {
    const notes = new VolatileNotes();
    const [sent] = notes.place('s', [first], 'A');
    const after = notes.place('s', [first, calling, result], 'B');
    expect(after[0]).toEqual(sent);
    expect(notesOf(after)).toEqual(['A', undefined, 'B']);
    expect(notesOf(notes.place('s', [first, calling, result, userMessage('next')], 'A'))).toEqual([
      'A',
      undefined,
      'B',
      'A',
    ]);
  });

  it('are said again when compaction took away the message they stood behind', () => {
    const notes = new VolatileNotes();
    notes.place('s', [first], 'A');
    expect(notesOf(notes.place('s', [userMessage('summary')], 'A'))).toEqual(['A']);
  });

  it('are taken back in words when nothing is volatile any more', () => {
    const notes = new VolatileNotes();
    notes.place('s', [first], 'A');
    const next = [first, assistantMessage('done'), userMessage('next')];
    expect(notesOf(notes.place('s', next, '')).at(-1)).toMatch(/no longer holds/);
    expect(notesOf(notes.place('s', [...next, assistantMessage('ok'), userMessage('more')], '')).at(-1)).toBe(
      undefined,
    );
  });

  it('belong to one session', () => {
    const notes = new VolatileNotes();
    notes.place('one', [first], 'A');
    expect(notesOf(notes.place('two', [first], ''))).toEqual([undefined]);
  });

  it('leave a conversation without volatile text as it is', () => {
    const messages = [first];
    expect(new VolatileNotes().place('s', messages, '')).toBe(messages);
  });

  it('are told once for the log, and stand where they were when a resumed session brings them along', () => {
    const notes = new VolatileNotes();
    const [sent] = notes.place('s', [first], 'A');
    expect(notes.unsaved('s')).toEqual([{ messageId: first.id, volatile: sent!.volatile }]);
    notes.place('s', [first, calling, result], 'A');
    expect(notes.unsaved('s')).toEqual([]);

    const resumed = new VolatileNotes();
    const again = resumed.place('s', [sent!, calling, result], 'A');
    expect(again).toEqual([sent, calling, result]);
    expect(resumed.unsaved('s')).toEqual([]);
    expect(notesOf(resumed.place('s', [sent!, calling, result], 'B'))).toEqual(['A', undefined, 'B']);
  });

  it('are the same objects in every request, so that what is known of them need not be found out again', () => {
    const notes = new VolatileNotes();
    const [sent] = notes.place('s', [first], 'A');
    expect(notes.place('s', [first, calling, result], 'A')[0]).toBe(sent);
  });

  it('say that they are not the words of the user', () => {
    expect(new VolatileNotes().place('s', [first], 'A')[0]?.volatile).toMatch(
      /^\[Note by Victor, not by the user/,
    );
  });
});
