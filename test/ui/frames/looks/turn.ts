import type { ToolCall } from '../../../../src/core/message.js';
import { commandStarted } from '../../../../src/state.js';
import type { Look } from '../look.js';
import { now, type Stage } from '../stage.js';

const call = (id: string, name: string, input: Record<string, unknown>): ToolCall => ({ id, name, input });

/** A turn that has begun and whose message is on disk. */
function begun(stage: Stage, text = 'Fix the parser.'): void {
  stage.send(text);
  stage.show({ kind: 'user', text });
  const { state } = stage.store.screen;
  stage.store.update({ state: { ...state, turn: { ...state.turn, sending: undefined } } }, 'now');
}

export const turnLooks: readonly Look[] = [
  { name: 'a message on its way', scene: ({ send }) => send('Fix the parser.'), sees: ['❯ Fix the parser.'] },
  { name: 'waiting for the model', scene: (stage) => begun(stage), sees: ['Waiting for the model'] },
  {
    name: 'thinking',
    scene(stage) {
      begun(stage);
      stage.emit({ type: 'thinking-delta', text: 'The parser reads one token too many, so ' });
    },
    sees: ['Thinking'],
  },
  {
    name: 'an answer coming',
    scene(stage) {
      begun(stage);
      stage.emit({
        type: 'text-delta',
        text: 'The parser **fails** because `next()` is called before the end is checked:\n\n- first the loop\n- then the che',
      });
    },
    sees: ['Answering'],
  },
  {
    name: 'a table coming',
    scene(stage) {
      begun(stage);
      stage.emit({
        type: 'text-delta',
        text: '| File | Lines | What changes there |\n|---|--:|---|\n| parser.ts | 120 | the loop of `next()` |\n| lex',
      });
    },
  },
  {
    name: 'code coming',
    scene(stage) {
      begun(stage);
      stage.emit({ type: 'text-delta', text: 'So:\n\n```ts\nwhile (!this.atEnd()) {\n  this.nex' });
    },
    sees: ['while (!this.atEnd())'],
  },
  {
    name: 'a long call being written',
    scene(stage) {
      begun(stage);
      stage.emit({ type: 'tool-call-delta', index: 0, name: 'Write', text: 'x'.repeat(12_000) });
    },
    sees: ['Writing Write: 12000 characters'],
  },
  {
    name: 'tools running at once',
    scene(stage) {
      begun(stage);
      for (const [id, name, title] of [
        ['1', 'Read', 'src/parser.ts'],
        [
          '2',
          'Grep',
          'next\\(\\) in src, with a pattern that is much longer than one row of a narrow terminal',
        ],
        ['3', 'Bash', 'npm test'],
      ] as const) {
        stage.emit({ type: 'tool-call', call: call(id, name, {}), title });
      }
    },
    sees: ['… Read', '… Bash npm test'],
  },
  {
    name: 'a command that has put out more than is shown',
    scene(stage) {
      begun(stage);
      stage.emit({ type: 'tool-call', call: call('1', 'Bash', {}), title: 'npm test -- --reporter=verbose' });
      const lines = Array.from(
        { length: 20 },
        (_, index) => `ok ${index + 106} - the parser reads a list of things, and what stands behind it too`,
      );
      const tail = [...lines.slice(1), '\u001b[31mwhat is not\u001b[2J whole'].join('\n');
      stage.emit({ type: 'tool-output', callId: '1', tail, lines: 126, bytes: 34_212 });
    },
    sees: ['+121 lines', '  │ ok 125 - the parser'],
  },
  {
    name: 'a command that has put out little',
    scene(stage) {
      begun(stage);
      stage.emit({ type: 'tool-call', call: call('1', 'Bash', {}), title: 'npm test' });
      stage.emit({ type: 'tool-output', callId: '1', tail: 'one\n\ntwo', lines: 3, bytes: 9 });
    },
    sees: ['… Bash npm test · 9 B'],
  },
  {
    name: "a command of the user's own that runs",
    scene(stage) {
      const { state } = stage.store.screen;
      stage.store.update({ state: commandStarted(state, 'npm run build', now - 3_000) }, 'now');
      stage.emit({
        type: 'tool-output',
        callId: 'x',
        tail: 'building\nstill at it',
        lines: 40,
        bytes: 1_234,
      });
    },
    sees: ['Running npm run build', '  │ still at it'],
  },
  {
    name: 'waiting to try again',
    scene(stage) {
      begun(stage);
      stage.emit({
        type: 'request-retry',
        attempt: 2,
        waitMs: 14_000,
        error: { code: 'provider', message: 'anthropic is overloaded.', advice: '' },
      } as never);
    },
    sees: ['anthropic is overloaded'],
  },
  {
    name: 'messages that wait for the turn',
    scene(stage) {
      begun(stage);
      stage.store.update(
        { queued: ['and then run the tests', 'and commit\nwith a good message', 'third', 'fourth'] },
        'now',
      );
    },
    sees: ['queued: '],
  },
  {
    name: 'an interrupted turn',
    scene(stage) {
      begun(stage);
      stage.emit({ type: 'tool-call', call: call('1', 'Bash', {}), title: 'npm test' });
      stage.emit({
        type: 'turn-end',
        provider: 'p',
        model: 'm',
        reason: 'interrupted',
        content: '',
        costUsd: 0,
        providerCalls: 1,
        durationMs: 1,
      } as never);
    },
    sees: ['■ Bash npm test', 'Interrupted.'],
  },
  {
    name: 'a turn that failed',
    scene(stage) {
      begun(stage);
      stage.emit({
        type: 'turn-error',
        error: { code: 'provider', message: 'The key was refused.', advice: 'Check ANTHROPIC_API_KEY.' },
        retryText: 'Fix the parser.',
        removed: [],
      } as never);
      stage.store.update({ hint: 'Your message was not kept: press Up to have it again.' }, 'now');
    },
    sees: ['✗ The key was refused.', 'Check ANTHROPIC_API_KEY.'],
  },
  {
    name: 'a limit that was reached',
    scene(stage) {
      begun(stage);
      stage.emit({
        type: 'turn-end',
        provider: 'p',
        model: 'm',
        reason: 'limit',
        limit: { name: 'maxTurns', value: 50 },
        content: '',
        costUsd: 0,
        providerCalls: 50,
        durationMs: 1,
      } as never);
    },
    reaches: ['Send "continue" to go on'],
  },
];
