import { describe, expect, it } from 'vitest';
import { assistantMessage, toolMessage, userMessage } from '../../src/core/message.js';
import { createReadTool } from '../../src/tools/read.js';
import { replay } from '../../src/ui/replay.js';

describe('what a resumed session shows', () => {
  it('names each call by what it was about, also one that was interrupted', () => {
    const calls = [
      { id: '1', name: 'Read', input: { path: 'src/a.ts' } },
      { id: '2', name: 'Gone', input: { target: 'prod' } },
    ];
    const messages = [
      userMessage('look'),
      assistantMessage('', { toolCalls: calls }),
      toolMessage(calls[0]!, '42 lines\nof it'),
      toolMessage(calls[1]!, 'Interrupted before it ran or ended.', true),
    ];
    expect(replay(messages, [createReadTool()])).toMatchObject([
      { kind: 'notice' },
      { kind: 'user', text: 'look' },
      { kind: 'tool', name: 'Read', title: 'src/a.ts', status: 'done', summary: '42 lines' },
      { kind: 'tool', name: 'Gone', title: '{"target":"prod"}', status: 'failed' },
    ]);
  });
});
