import { describe, expect, it } from 'vitest';
import { textPrinter } from '../../src/cli/answer/text-printer.js';
import type { OutputStream } from '../../src/cli/output-stream.js';
import { createEvent } from '../../src/core/create-event.js';
import type { EventBody } from '../../src/core/event.js';
import { noUsage } from '../../src/core/usage.js';

const requestEnd: EventBody = {
  type: 'request-end',
  provider: 'p',
  model: 'm',
  usage: noUsage,
  costUsd: null,
  stopReason: 'end',
  durationMs: 1,
  contextWindow: 1,
};

/** Prints these texts, each in chunks, as one provider call each. */
function printed(...calls: string[][]): string {
  let text = '';
  const write = (chunk: string) => {
    text += chunk;
  };
  const stdout = { write } as OutputStream;
  const printer = textPrinter(stdout);
  const tell = (body: EventBody) => printer.event?.(createEvent(body, { sessionId: 's' }));
  for (const chunks of calls) {
    for (const chunk of chunks) tell({ type: 'text-delta', text: chunk });
    tell(requestEnd);
  }
  const content = calls.at(-1)?.join('') ?? '';
  tell({
    type: 'turn-end',
    provider: 'scripted',
    model: 'script',
    reason: 'end',
    content,
    usage: noUsage,
    costUsd: null,
    providerCalls: 1,
    durationMs: 1,
  });
  printer.end({} as never, {} as never);
  return text;
}

describe('the answer as text', () => {
  it.each([
    ['no line end', ['hi'], 'hi\n'],
    ['one', ['hi\n'], 'hi\n'],
    ['many, in chunks of their own', ['hi', '\n', '\n', '\n'], 'hi\n'],
    ['line ends inside stay', ['a\n', '\nb'], 'a\n\nb\n'],
    ['leading ones go', ['\n\n', 'a'], 'a\n'],
  ])('ends with one line end: %s', (_, chunks, expected) => {
    expect(printed(chunks)).toBe(expected);
  });

  it('what is said between two rounds of tools is a paragraph of its own', () => {
    expect(printed(['I look.'], [], ['Found', ' it.\n'])).toBe('I look.\n\nFound it.\n');
  });

  it('E05, E13: an escape sequence is gone wherever the stream cuts it', () => {
    const text = 'a\u001b]52;c;aGk=\u0007b\u001b[31mc\u009b2Jd';
    for (let at = 0; at <= text.length; at++) {
      expect(printed([text.slice(0, at), text.slice(at)])).toBe('a�b�c�d\n');
    }
  });

  it('an unfinished sequence of one call does not swallow the next', () => {
    expect(printed(['a\u001b]0;title'], ['b'])).toBe('a�\n\nb\n');
  });

  it('no text prints nothing', () => {
    expect(printed([''])).toBe('');
  });
});
