import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstChange, onlyGrew, prefixSegments } from '../../src/chat/prefix-segments.js';
import { VolatileNotes } from '../../src/chat/volatile-notes.js';
import { ContextCoordinator } from '../../src/coordinators/context.js';
import { callIds } from '../../src/core/call-ids.js';
import { currentTask } from '../../src/core/current-task.js';
import type { Message } from '../../src/core/message.js';
import type { RequestMessage } from '../../src/core/provider.js';
import { estimateTokens } from '../../src/core/tokens.js';
import type { ToolDefinition } from '../../src/core/tool.js';
import { validHistory } from '../../src/core/valid-history.js';
import { randomHistory } from '../helpers/random-history.js';

/** What becomes of a session before its next request. */
const step = fc.record({
  session: fc.constantFrom('one', 'two'),
  change: fc.constantFrom('append', 'append', 'append', 'append', 'nothing', 'compact', 'rewind', 'reset'),
  count: fc.integer({ min: 1, max: 12 }),
  /** Share of the messages that a rewind or a compaction keeps. */
  kept: fc.double({ min: 0, max: 1, noNaN: true }),
  volatile: fc.constantFrom('', 'A', 'B'),
  model: fc.constantFrom('a/b', 'a/b', 'a/b', 'c/d'),
  part: fc.constantFrom('stable', 'stable', 'stable', 'changed'),
});
const steps = fc.array(step, { minLength: 1, maxLength: 30, size: 'max' });

/** What stands in for a lost result is made with every look, under a new id. */
const withoutNewIds = (messages: readonly Message[], history: readonly Message[]) =>
  messages.map((message) => (history.includes(message) ? message : { ...message, id: '' }));

function change(context: ContextCoordinator, { session, change, count, kept }: StepOf, next: () => Message) {
  const { messages, metadata } = context.getContext(session);
  const from = Math.floor(messages.length * kept);
  if (change === 'append') {
    // As a turn does it, one by one, and as a resume does it, all at once.
    const added = Array.from({ length: count }, next);
    if (count % 2) context.append(added, session);
    else for (const message of added) context.append([message], session);
  }
  if (change === 'compact') context.replace({ messages: messages.slice(from), metadata }, session);
  if (change === 'rewind') context.replace({ messages: messages.slice(0, from), metadata }, session);
  if (change === 'reset') context.reset(session);
}

type StepOf = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

describe('what is remembered of a history', () => {
  it('is what a look at all of it would find, through compactions, rewinds, resets and two sessions at a time', () => {
    let grew = 0;
    fc.assert(
      fc.property(randomHistory, steps, (history, all) => {
        const context = new ContextCoordinator();
        const [notes, notesAnew] = [new VolatileNotes(), new VolatileNotes()];
        const before = new Map<string, Parameters<typeof onlyGrew>[0]>();
        let used = 0;
        // The same messages come in both sessions, and a second time as others.
        const next = () => {
          const message = history[used % history.length]!;
          used += 1;
          return used <= history.length ? message : { ...message, id: `${message.id}-${used}` };
        };
        for (const one of all) {
          const { session, volatile, model, part } = one;
          change(context, one, next);
          const { messages, metadata } = context.getContext(session);
          const copy = [...messages];
          expect(metadata).toEqual(currentTask(copy));
          expect(estimateTokens(messages)).toBe(estimateTokens(copy));
          expect(callIds(messages)).toEqual(
            new Set(copy.flatMap(({ toolCalls = [] }) => toolCalls.map(({ id }) => id))),
          );
          const valid = validHistory(messages);
          expect(withoutNewIds(valid, copy)).toEqual(withoutNewIds(validHistory(copy), copy));

          const placed = notes.place(session, messages, volatile);
          expect(placed).toEqual(notesAnew.place(session, copy, volatile));
          expect(notes.unsaved(session)).toEqual(notesAnew.unsaved(session));

          const parts = [{ section: 'base', text: part }];
          const now = { model, tools: [], parts, messages: placed };
          const last = before.get(session);
          before.set(session, now);
          if (!last || !onlyGrew(last, now)) continue;
          grew += 1;
          const hashed = (messages: readonly RequestMessage[]) => messages.map((message) => ({ ...message }));
          const segments = [last, now].map((request) =>
            prefixSegments({ ...request, messages: hashed(request.messages) }),
          );
          expect(firstChange(segments[0]!, segments[1]!)).toBeUndefined();
        }
      }),
      { numRuns: 150 },
    );
    // Or nothing was remembered that could have been wrong.
    expect(grew).toBeGreaterThan(100);
  });

  it('is known of a conversation that goes on, until its model, tools, prompt or beginning is another', () => {
    const context = new ContextCoordinator();
    const said = (content: string): Message => ({ id: content, role: 'user', content });
    const notes = new VolatileNotes();
    const request = () => ({
      model: 'a/b',
      tools: [] as ToolDefinition[],
      parts: [{ section: 'base', text: 'B' }],
      messages: notes.place('s', context.getContext('s').messages, 'now'),
    });
    context.append([said('one')], 's');
    const first = request();
    context.append([said('two')], 's');
    const second = request();
    expect(onlyGrew(first, second)).toBe(true);
    expect(onlyGrew(first, { ...second, model: 'c/d' })).toBe(false);
    expect(onlyGrew(first, { ...second, parts: [{ section: 'base', text: 'C' }] })).toBe(false);
    const tools = [{ name: 'Read', description: 'Reads.', inputSchema: {} }];
    expect(onlyGrew(first, { ...second, tools })).toBe(false);
    context.append([{ id: 'rule', role: 'system', content: 'Rule' }], 's');
    expect(onlyGrew(second, request())).toBe(false);
    context.replace({ messages: [said('two')], metadata: {} }, 's');
    expect(onlyGrew(second, request())).toBe(false);
  });
});
