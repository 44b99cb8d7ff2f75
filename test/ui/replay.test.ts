import { describe, expect, it } from 'vitest';
import { assistantMessage, toolMessage, userMessage } from '../../src/core/message.js';
import { keepOutput, noOutputs } from '../../src/kept-outputs.js';
import { createReadTool } from '../../src/tools/read.js';
import { expandOutput } from '../../src/ui/expand.js';
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
    expect(replay(messages, [createReadTool()], noOutputs).blocks).toMatchObject([
      { kind: 'notice' },
      { kind: 'user', text: 'look' },
      { kind: 'tool', name: 'Read', title: 'src/a.ts', status: 'done', summary: '42 lines' },
      { kind: 'tool', name: 'Gone', title: '{"target":"prod"}', status: 'failed' },
    ]);
  });

  it('gives its calls and the commands of the user numbers, under which they are shown in full', () => {
    const call = { id: '1', name: 'Read', input: { path: 'src/a.ts' } };
    const output = `\n\n<output>\nexit code 0\n${Array.from({ length: 60 }, (_, row) => `row ${row + 1}`).join('\n')}\n</output>`;
    const messages = [
      { ...userMessage(`!seq 60${output}`), command: true, attached: { from: 7, items: [] } },
      assistantMessage('Reading.', { toolCalls: [call] }),
      { ...toolMessage(call, 'first\nsecond', true), refused: true },
    ];
    const before = keepOutput(noOutputs, { kind: 'tool', title: 'earlier', text: 'x' });
    const { blocks, outputs } = replay(messages, [createReadTool()], before);
    expect(blocks).toMatchObject([
      { kind: 'notice' },
      { kind: 'user', text: '!seq 60' },
      { kind: 'output', title: 'exit code 0', more: '20 more lines: /expand 2 41' },
      { kind: 'answer' },
      { kind: 'tool', status: 'denied', number: 3 },
    ]);
    expect(expandOutput(outputs, 3)).toMatchObject({ title: 'Read src/a.ts', text: 'first\nsecond' });
    expect(expandOutput(outputs, 2, 41)).toMatchObject({
      title: '!seq 60 · exit code 0, from line 41',
      text: expect.stringMatching(/^row 41\n[\s\S]*row 60$/),
    });
    expect(expandOutput(outputs, 1)).toMatchObject({ text: 'x' });
  });
});
