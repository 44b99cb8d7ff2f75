import { describe, expect, it } from 'vitest';
import { changedSegment, firstChange, prefixSegments, segmentName } from '../../src/chat/prefix-segments.js';
import {
  assistantMessage,
  type Message,
  systemMessage,
  toolMessage,
  userMessage,
} from '../../src/core/message.js';

const call = { id: 'c', name: 'Read', input: { path: 'a' } };
const tool = (name: string, description = 'Does.') => ({
  name,
  description,
  inputSchema: { type: 'object' },
});
const part = (section: string, text: string) => ({ section, contributor: section, text });
const prefix = {
  model: 'a/b',
  tools: [tool('Read'), tool('Edit')],
  parts: [part('base', 'B'), part('language', 'L')],
  messages: [
    { ...userMessage('hello'), volatile: 'note' },
    assistantMessage('', { toolCalls: [call] }),
    systemMessage('summary'),
    toolMessage(call, 'content'),
  ],
};

/** The name of the first segment that differs. */
function changed(change: Partial<typeof prefix>): string | undefined {
  const [before, now] = [prefixSegments(prefix), prefixSegments({ ...prefix, ...change })];
  const at = firstChange(before, now);
  if (at === undefined) return undefined;
  const one = changedSegment(before, now, at);
  return segmentName(one.segments, one.at);
}

describe('the segments of a request', () => {
  it('come in the order of the wire, system messages with the system prompt', () => {
    const segments = prefixSegments(prefix);
    expect(segments.map((_, at) => segmentName(segments, at))).toEqual([
      'model a/b',
      'tool Read',
      'tool Edit',
      'system section base',
      'system section language',
      'message 1 (system)',
      'message 2 (user)',
      'note behind message 2',
      'message 3 (assistant)',
      'message 4 (result of Read)',
    ]);
  });

  it('are equal for equal words, whatever objects they stand in', () => {
    const copy = structuredClone(prefix);
    const messages = copy.messages.map((message) => ({ ...message, id: 'another' }));
    expect(prefixSegments({ ...copy, messages })).toEqual(prefixSegments(prefix));
    expect(changed({ messages: [...prefix.messages, userMessage('more')] })).toBeUndefined();
  });

  it.each<[string, Partial<typeof prefix>, string]>([
    ['another model', { model: 'a/c' }, 'model a/c'],
    ['a tool in other words', { tools: [tool('Read'), tool('Edit', 'Edits.')] }, 'tool Edit'],
    ['a tool more', { tools: [...prefix.tools, tool('New')] }, 'tool New'],
    ['the first tool less', { tools: prefix.tools.slice(1) }, 'tool Read'],
    ['the last tool less', { tools: prefix.tools.slice(0, 1) }, 'tool Edit'],
    ['another section', { parts: [prefix.parts[0]!, part('language', 'other')] }, 'system section language'],
    [
      'a section between',
      { parts: [prefix.parts[0]!, part('new', 'N'), prefix.parts[1]!] },
      'system section new',
    ],
    ['the first section less', { parts: prefix.parts.slice(1) }, 'system section base'],
    ['the last section less', { parts: prefix.parts.slice(0, 1) }, 'system section language'],
    [
      'another note',
      { messages: [{ ...prefix.messages[0]!, volatile: 'x' }, ...prefix.messages.slice(1)] },
      'note behind message 2',
    ],
    [
      'no note',
      { messages: [{ ...prefix.messages[0]!, volatile: '' }, ...prefix.messages.slice(1)] },
      'note behind message 2',
    ],
    ['the last message less', { messages: prefix.messages.slice(0, -1) }, 'message 4 (result of Read)'],
  ])('tell the first that changed: %s', (_, change, name) => {
    expect(changed(change)).toBe(name);
  });

  it('are found out once a message: the next request reads none of them again', () => {
    let reads = 0;
    const watched = (content: string): Message => ({
      ...userMessage(''),
      get content() {
        reads += 1;
        return content;
      },
    });
    const messages = [watched('one'), watched('two')];
    prefixSegments({ ...prefix, messages });
    expect(reads).toBe(2);
    prefixSegments({ ...prefix, messages: [...messages, watched('three')] });
    expect(reads).toBe(3);
  });
});
