import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventBody, VictorEvent } from '../src/core/event.js';
import { toolMessage, userMessage } from '../src/core/message.js';
import { noUsage, usage } from '../src/core/usage.js';
import {
  append,
  type Block,
  type CostOfDay,
  drain,
  endTurn,
  initialState,
  reduce,
  type State,
  submitted,
} from '../src/state.js';

let count = 0;
function event(body: EventBody): VictorEvent {
  count += 1;
  return { ...body, id: `event-${count}`, sessionId: 'one', turnId: 'turn', timestamp: 1_000 };
}

function replay(bodies: readonly EventBody[], state: State = initialState()): State {
  return bodies.map(event).reduce(reduce, state);
}

const text = (chunk: string): EventBody => ({ type: 'text-delta', text: chunk });
const thinking = (chunk: string): EventBody => ({ type: 'thinking-delta', text: chunk });
const call = { id: 'call-1', name: 'Read', input: { path: 'a.ts' } };
const toolCall: EventBody = { type: 'tool-call', call, title: 'a.ts' };
const turnStart: EventBody = { type: 'turn-start', text: 'hi', provider: 'p', model: 'm', mode: 'ask' };

function turnEnd(reason: 'end' | 'interrupted' | 'limit' | 'max-tokens' = 'end'): EventBody {
  return {
    type: 'turn-end',
    provider: 'scripted',
    model: 'script',
    reason,
    content: '',
    usage: noUsage,
    costUsd: null,
    providerCalls: 1,
    durationMs: 1,
  };
}

function answers(blocks: readonly Block[]): string {
  return blocks.map((block) => (block.kind === 'answer' ? `${block.text}\n` : `<${block.kind}>`)).join('');
}

describe('streamed text', () => {
  it('commits every whole line at once and keeps the rest live', () => {
    const state = replay([text('one\ntwo\nthr')]);
    const { state: left, blocks } = drain(state);
    expect(answers(blocks)).toBe('one\ntwo\n');
    expect(left.live.partial).toBe('thr');
    expect(drain(left).blocks).toEqual([]);
  });

  it('becomes the same transcript in any chunks, drained at any moment', () => {
    const piece = fc.constantFrom(
      'a',
      'word ',
      '\n',
      '\n\n',
      '```ts\n',
      '```',
      'é',
      '👩‍🚀',
      '  ',
      'x'.repeat(3_000),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }),
        fc.infiniteStream(fc.tuple(fc.nat(30), fc.boolean())),
        (pieces, cuts) => {
          const whole = pieces.join('');
          const [unsplit] = [drain(endTurn(replay([text(whole)])))];
          let state = initialState();
          const blocks: Block[] = [];
          let rest = whole;
          for (const [length, drained] of cuts) {
            if (rest === '') break;
            state = reduce(state, event(text(rest.slice(0, length + 1))));
            rest = rest.slice(length + 1);
            if (!drained) continue;
            const taken = drain(state);
            blocks.push(...taken.blocks);
            state = taken.state;
          }
          blocks.push(...drain(endTurn(state)).blocks);
          expect(answers(blocks)).toBe(answers(unsplit?.blocks ?? []));
          expect(new Set(blocks.map(({ id }) => id)).size).toBe(blocks.length);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('loses nothing but empty lines at its borders', () => {
    const { blocks } = drain(replay([text('\n\n  a\n\n\n'), text('b\n\n'), toolCall]));
    expect(answers(blocks)).toBe('  a\n\n\nb\n');
  });

  it('tells each block whether it begins inside a code fence', () => {
    const first = drain(replay([text('```ts\nconst a = 1;\n')]));
    const second = drain(replay([text('const b = 2;\n```\nprose\n')], first.state));
    const third = drain(replay([text('more\n')], second.state));
    const fences = [...first.blocks, ...second.blocks, ...third.blocks].map(
      (block) => block.kind === 'answer' && block.fence !== '',
    );
    expect(fences).toEqual([false, true, false]);
  });

  it('cuts an endless line at a space, so that the live part stays small', () => {
    const state = replay(Array.from({ length: 4_000 }, (_, index) => text(`word${index} `)));
    expect(state.live.partial.length).toBeLessThanOrEqual(4_000);
    const { blocks } = drain(endTurn(state));
    const words = answers(blocks).split(/\s+/).filter(Boolean);
    expect(words).toEqual(Array.from({ length: 4_000 }, (_, index) => `word${index}`));
  });

  it('never cuts a character in two', () => {
    const { blocks } = drain(endTurn(replay([text(`x${'😀'.repeat(5_000)}`)])));
    const lines = answers(blocks).trimEnd().split('\n');
    expect(lines.join('')).toBe(`x${'😀'.repeat(5_000)}`);
    for (const line of lines) expect(line).not.toMatch(/\p{Surrogate}/u);
  });

  it('keeps thinking and answer apart and in order', () => {
    const { blocks } = drain(endTurn(replay([thinking('hm'), thinking(' so\nyes'), text('Answer')])));
    expect(blocks.map(({ kind }) => kind)).toEqual(['thinking', 'answer']);
    expect(blocks[0]).toMatchObject({ summary: 'hm so', number: 1 });
  });
});

describe('thinking', () => {
  const at = (body: EventBody, timestamp: number) => ({ ...event(body), timestamp });
  const requestStart: EventBody = { type: 'request-start', provider: 'p', model: 'm', messages: 1, tools: 0 };

  it('is not printed while it comes, and then one line: from when the model was asked to its last word', () => {
    const thought = [
      at(turnStart, 1_000),
      at(requestStart, 2_000),
      at(thinking('First I look.\nThen '), 5_000),
      at(thinking('I say.'), 14_000),
    ].reduce(reduce, initialState());
    expect(drain(thought).blocks).toEqual([]);
    expect(thought.live.finished + thought.live.partial).toBe('First I look.\nThen I say.');
    const done = reduce(thought, at(text('It is so.'), 20_000));
    expect(drain(done).blocks).toMatchObject([
      { kind: 'thinking', summary: 'First I look.', durationMs: 12_000, number: 1 },
    ]);
    expect(done.outputs.all).toMatchObject([{ kind: 'thinking', text: 'First I look.\nThen I say.' }]);
  });

  it('again behind words counts from its own first word', () => {
    const state = [
      at(requestStart, 0),
      at(text('So.'), 1_000),
      at(thinking('Hm.'), 3_000),
      at(thinking(' Yes.'), 4_000),
      at(toolCall, 9_000),
    ].reduce(reduce, initialState());
    expect(drain(state).blocks[1]).toMatchObject({ kind: 'thinking', durationMs: 1_000 });
  });

  it('of nothing leaves nothing', () => {
    const { blocks, state } = drain(endTurn(replay([thinking(' \n'), text('Answer')])));
    expect(blocks.map(({ kind }) => kind)).toEqual(['answer']);
    expect(state.outputs.all).toEqual([]);
  });
});

describe('turns', () => {
  it('shows a message as sent only when it is durable', () => {
    const sending = submitted(initialState(), 'hello', 5);
    expect(sending.turn).toMatchObject({ running: true, sending: 'hello' });
    expect(drain(sending).blocks).toEqual([]);
    const sent = replay([turnStart, { type: 'message', message: userMessage('hello') }], sending);
    expect(sent.turn.sending).toBeUndefined();
    expect(drain(sent).blocks).toMatchObject([{ kind: 'user', text: 'hello' }]);
  });

  it('does not show messages of tools or the assistant twice', () => {
    const state = replay([{ type: 'message', message: toolMessage(call, 'content') }]);
    expect(drain(state).blocks).toEqual([]);
  });

  it.each([
    ['interrupted', 'Interrupted'],
    ['limit', 'limit'],
    ['max-tokens', 'output limit'],
  ] as const)('says why a turn ended early: %s', (reason, words) => {
    const state = replay([turnStart, text('partial'), turnEnd(reason)]);
    const { blocks } = drain(state);
    expect(blocks.map(({ kind }) => kind)).toEqual(['answer', 'notice']);
    expect(blocks[1]).toMatchObject({ text: expect.stringContaining(words) });
    expect(state.turn.running).toBe(false);
  });

  it('shows an error with its advice, keeps partial text, and offers the message again', () => {
    const error = { code: 'provider-network', message: 'No answer.', advice: 'Check the network.' };
    const state = replay([
      turnStart,
      text('half'),
      { type: 'turn-error', error, retryText: 'hi', removed: [] },
    ]);
    expect(drain(state).blocks).toMatchObject([
      { kind: 'answer', text: 'half' },
      { kind: 'error', error },
    ]);
    expect(state.turn).toMatchObject({ running: false, retryText: 'hi' });
  });

  it('drops calls that never got an answer when the turn is over', () => {
    const state = replay([turnStart, toolCall, turnEnd('interrupted')]);
    expect(state.tools).toEqual([]);
  });
});

describe('tool calls', () => {
  it('are live until their result, then one folded block', () => {
    const running = replay([turnStart, text('Let me look'), toolCall]);
    expect(running.tools).toMatchObject([
      { name: 'Read', title: 'a.ts', status: 'running', startedAt: 1_000 },
    ]);
    const result = { content: 'line one\nline two', summary: '2 lines' };
    const done = replay([{ type: 'tool-result', call, result, durationMs: 12, denied: false }], running);
    expect(done.tools).toEqual([]);
    const kept = { number: 1, kind: 'tool', title: 'Read a.ts', text: result.content };
    expect(done.outputs).toEqual({ next: 2, all: [kept] });
    expect(drain(done).blocks).toMatchObject([
      { kind: 'answer' },
      { kind: 'tool', name: 'Read', title: 'a.ts', status: 'done', summary: '2 lines', durationMs: 12 },
    ]);
  });

  it.each([
    [{ content: 'No such file.\nLook elsewhere.', isError: true }, false, 'failed', 'No such file.'],
    [{ content: 'Not run: no.', isError: true, summary: 'refused' }, true, 'denied', 'refused'],
  ] as const)('show how they ended: %j', (result, denied, status, summary) => {
    const state = replay([toolCall, { type: 'tool-result', call, result, durationMs: 1, denied }]);
    expect(drain(state).blocks).toMatchObject([{ kind: 'tool', status, summary }]);
  });

  it('wait for the user between the question and the answer', () => {
    const decision = { verdict: 'ask', reason: 'Mode ask asks.' } as const;
    const asking = replay([toolCall, { type: 'approval-request', call, title: 'a.ts', decision }]);
    expect(asking.approvals).toEqual([{ callId: 'call-1', title: 'a.ts', reason: 'Mode ask asks.' }]);
    expect(asking.tools).toMatchObject([{ status: 'asking' }]);
    const result = { content: 'x' };
    const answered = replay([{ type: 'tool-result', call, result, durationMs: 1, denied: false }], asking);
    expect(answered.approvals).toEqual([]);
  });
});

describe('the footer', () => {
  const requestEnd = (costUsd: number | null): EventBody => ({
    type: 'request-end',
    provider: 'p',
    model: 'm',
    usage: usage({ inputTokens: 100, cacheReadTokens: 900, outputTokens: 50 }),
    costUsd,
    stopReason: 'end',
    durationMs: 1,
    contextWindow: 10_000,
  });

  it('counts every tier of the prompt and the answer as context', () => {
    expect(replay([requestEnd(0.5)]).footer).toMatchObject({ contextTokens: 1_050, contextWindow: 10_000 });
  });

  it('adds known costs, and never counts an unknown one as nothing', () => {
    expect(replay([requestEnd(0.5), requestEnd(0.25)]).footer).toMatchObject({
      costUsd: 0.75,
      unpriced: false,
    });
    expect(replay([requestEnd(0.5), requestEnd(null)]).footer).toMatchObject({
      costUsd: 0.5,
      unpriced: true,
    });
    expect(replay([requestEnd(null)]).footer).toMatchObject({ costUsd: null, unpriced: true });
  });

  it('adds what today has cost to what it was told of today, and knows nothing of another day', () => {
    // The events of these tests happen at 1,000.
    const told = (today: CostOfDay) => ({ ...initialState(), footer: { ...initialState().footer, today } });
    const todayOf = (state: State, ...bodies: EventBody[]) => replay(bodies, state).footer.today;
    const start = told({ until: 1_001, costUsd: 2, unpriced: false });
    const more = { until: 1_001, costUsd: 2.75, unpriced: false };
    expect(todayOf(start, requestEnd(0.5), requestEnd(0.25))).toEqual(more);
    expect(todayOf(start, requestEnd(null))).toEqual({ until: 1_001, costUsd: 2, unpriced: true });
    const yesterday = told({ until: 1_000, costUsd: 9, unpriced: true });
    expect(todayOf(yesterday, requestEnd(0.5))).toBeUndefined();
    // What nobody has told yet is not made up of this session alone.
    expect(todayOf(initialState(), requestEnd(0.5))).toBeUndefined();
  });

  it('follows the provider, the model and the mode', () => {
    const state = replay([
      { type: 'provider-change', from: 'a/b', to: 'openrouter/meta/llama' },
      { type: 'mode-change', from: 'ask', to: 'plan' },
    ]);
    expect(state.footer).toMatchObject({ provider: 'openrouter', model: 'meta/llama', mode: 'plan' });
  });

  it('warns of the one mode in which nothing is asked about, and of no other', () => {
    const warnings = (to: 'yolo' | 'plan') =>
      drain(replay([{ type: 'mode-change', from: 'ask', to }])).blocks.map((block) => ({ ...block, id: 0 }));
    expect(warnings('yolo')).toMatchObject([
      { kind: 'notice', level: 'warning', text: expect.stringMatching(/^Mode yolo: every call/) },
    ]);
    expect(warnings('plan')).toEqual([]);
  });

  it('names a failing extension once', () => {
    const failure = { kind: 'exporter', name: 'webhook', message: 'refused.', fallback: 'nothing' } as const;
    const state = replay([
      { type: 'extension-failure', failure },
      { type: 'extension-failure', failure },
    ]);
    expect(state.footer.failingExtensions).toEqual([{ kind: 'exporter', name: 'webhook' }]);
    expect(drain(state).blocks).toHaveLength(1);
  });
});

it('forgets what failed once the setting that named it has changed', () => {
  const failure = { kind: 'exporter', name: 'webhook', message: 'refused.', fallback: 'nothing' } as const;
  const change = { type: 'config-change', from: 'webhook', to: 'file', effect: 'now' } as const;
  const other = replay([
    { type: 'extension-failure', failure },
    { ...change, key: 'contributors' },
  ]);
  expect(other.footer.failingExtensions).toHaveLength(1);
  const state = replay([
    { type: 'extension-failure', failure },
    { ...change, key: 'exporters[0]' },
  ]);
  expect(state.footer.failingExtensions).toEqual([]);
});

describe('a turn that ends before its calls do', () => {
  it('keeps them in the transcript as interrupted, with their titles', () => {
    const end: EventBody = {
      type: 'turn-end',
      provider: 'p',
      model: 'm',
      reason: 'interrupted',
      content: '',
      usage: usage({}),
      costUsd: 0,
      providerCalls: 1,
      durationMs: 1,
    };
    const state = replay([toolCall, end]);
    expect(state.tools).toEqual([]);
    expect(drain(state).blocks).toMatchObject([
      { kind: 'tool', name: call.name, title: 'a.ts', status: 'interrupted' },
      { kind: 'notice', text: expect.stringContaining('Interrupted') },
    ]);
  });
});

describe('blocks', () => {
  it('have growing ids, and nothing that was taken stays in the state', () => {
    let state = initialState();
    let last = 0;
    for (let turn = 0; turn < 50; turn += 1) {
      state = append(state, { kind: 'notice', level: 'info', text: `note ${turn}` });
      const taken = drain(replay([text('line\nrest')], state));
      for (const block of taken.blocks) {
        expect(block.id).toBeGreaterThan(last);
        last = block.id;
      }
      state = taken.state;
      expect(state.blocks).toEqual([]);
    }
  });

  it('leave a gap only where something else begins', () => {
    const result = { content: 'x' };
    const toolResult: EventBody = { type: 'tool-result', call, result, durationMs: 1, denied: false };
    const { blocks } = drain(replay([text('a\n'), toolCall, toolResult, toolCall, toolResult, text('b\n')]));
    expect(blocks.map(({ kind, gap }) => `${kind}${gap ? ' after a gap' : ''}`)).toEqual([
      'answer after a gap',
      'tool after a gap',
      'tool',
      'answer after a gap',
    ]);
  });

  it('tell of a compaction and make the meter follow it', () => {
    const state = replay([
      {
        type: 'compaction',
        strategy: 'recent',
        automatic: true,
        before: { messages: 40, tokens: 9_000 },
        after: { messages: 10, tokens: 2_000 },
        messages: [],
      },
    ]);
    expect(state.footer.contextTokens).toBe(2_000);
    expect(drain(state).blocks).toMatchObject([{ kind: 'notice', text: expect.stringContaining('recent') }]);
  });
});
