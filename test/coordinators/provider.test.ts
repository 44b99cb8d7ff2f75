import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { VictorEvent } from '../../src/core/event.js';
import { collect, ofType, scriptedOrchestrator } from '../helpers/scripted-orchestrator.js';

function textOf(events: readonly VictorEvent[]): string {
  return ofType(events, 'text-delta')
    .map(({ text }) => text)
    .join('');
}

async function drain(events: AsyncIterable<VictorEvent>, into: VictorEvent[]): Promise<void> {
  for await (const event of events) into.push(event);
}

const write = (content: string) => ({ name: 'Write', input: { path: 'a.txt', content } });

describe('provider', () => {
  it('asks again after a failure that may pass, tells it as an event, and answers once', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator([
      { error: { kind: 'overloaded', message: 'busy' } },
      { text: 'finally' },
    ]);
    const events = await collect(orchestrator.stream('hi'));
    expect(requests).toHaveLength(2);
    expect(ofType(events, 'request-retry')[0]).toMatchObject({
      attempt: 1,
      error: { code: 'provider-overloaded' },
    });
    expect(
      ofType(events, 'text-delta')
        .map(({ text }) => text)
        .join(''),
    ).toBe('finally');
  });

  it('V02: does not ask again after an error that stays', async () => {
    for (const kind of ['authentication', 'invalid-request', 'context-length'] as const) {
      const { orchestrator, requests } = await scriptedOrchestrator(() => ({
        error: { kind, message: 'no' },
      }));
      await expect(orchestrator.chat('hi')).rejects.toMatchObject({ kind });
      expect(requests).toHaveLength(1);
    }
  });

  it('V03: gives up after as many requests as the setting says', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator(
      () => ({ error: { kind: 'network', message: 'gone' } }),
      { settings: { network: { attempts: 2 } } },
    );
    await expect(orchestrator.chat('hi')).rejects.toMatchObject({ kind: 'network' });
    expect(requests).toHaveLength(2);
  });

  it('V06: an answer that breaks off is kept, marked, and gone on with: no text comes twice', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator([
      { text: 'half an ans', error: { kind: 'network', message: 'cut' } },
      { text: 'wer, and the rest.' },
      { text: 'fine' },
    ]);
    const events = await collect(orchestrator.stream('hi'));
    expect(textOf(events)).toBe('half an answer, and the rest.');
    expect(ofType(events, 'turn-end')[0]).toMatchObject({
      content: 'half an answer, and the rest.',
      reason: 'end',
      providerCalls: 2,
    });
    const [, cut, rest] = ofType(events, 'message').map(({ message }) => message);
    expect(cut).toMatchObject({ role: 'assistant', content: 'half an ans', partial: true });
    expect(rest).toMatchObject({ role: 'assistant', content: 'wer, and the rest.' });
    expect(rest).not.toHaveProperty('partial');
    await orchestrator.chat('and now?');
    expect(requests[2]!.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'assistant', 'user']);
  });

  it('V06: a model that begins its broken answer anew is heard from where it broke off', async () => {
    const { orchestrator } = await scriptedOrchestrator([
      { text: 'half an ans', error: { kind: 'overloaded', message: 'busy' } },
      { text: 'half an', chunks: 3, error: { kind: 'network', message: 'cut' } },
      { text: 'half an answer', chunks: 7 },
    ]);
    const events = await collect(orchestrator.stream('hi'));
    expect(textOf(events)).toBe('half an answer');
    expect(ofType(events, 'turn-end')[0]?.content).toBe('half an answer');
  });

  it('V06: tools that are called behind a break run once', async () => {
    const { orchestrator, cwd } = await scriptedOrchestrator(
      [
        { text: 'I write', toolCalls: [write('one')], error: { kind: 'network', message: 'cut' } },
        { text: ' it now.', toolCalls: [write('two')] },
        { text: 'done' },
      ],
      { settings: { permissions: { mode: 'yolo' } } },
    );
    const events = await collect(orchestrator.stream('hi'));
    expect(ofType(events, 'tool-result').map(({ call }) => call.input.content)).toEqual(['two']);
    expect(await readFile(join(cwd, 'a.txt'), 'utf8')).toBe('two');
  });

  it('V06: an answer that always breaks off costs no more requests than any fault, and fails with what was said kept', async () => {
    let request = 0;
    const { orchestrator, requests } = await scriptedOrchestrator(
      () => ({ text: `part ${request++}, `, error: { kind: 'network', message: 'cut' } }),
      { settings: { network: { attempts: 3 } } },
    );
    const events: VictorEvent[] = [];
    await expect(drain(orchestrator.stream('hi'), events)).rejects.toMatchObject({ kind: 'network' });
    expect(requests).toHaveLength(3);
    expect(textOf(events)).toBe('part 0, part 1, part 2, ');
    const kept = ofType(events, 'message').filter(({ message }) => message.partial);
    expect(kept.map(({ message }) => message.content)).toEqual(['part 0, ', 'part 1, ', 'part 2, ']);
  });

  it('V06: what a failed request had thought is not part of the answer', async () => {
    const { orchestrator } = await scriptedOrchestrator([
      { thinking: 'wrong start', error: { kind: 'overloaded', message: 'busy' } },
      { thinking: 'right start', text: 'fine' },
    ]);
    const events = await collect(orchestrator.stream('hi'));
    const answer = ofType(events, 'message').at(-1)?.message;
    expect(answer?.thinking?.map(({ text }) => text)).toEqual(['right start']);
  });

  it('V21: a conversation that the provider finds too long is compacted once and asked again', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator([
      ...Array.from({ length: 12 }, () => ({ text: 'word '.repeat(200) })),
      { error: { kind: 'context-length', message: 'prompt is too long' } },
      { text: 'fits now' },
    ]);
    for (let turn = 0; turn < 12; turn += 1)
      await orchestrator.chat(`question ${turn} ${'word '.repeat(200)}`);
    const events = await collect(orchestrator.stream('and now?'));
    expect(ofType(events, 'compaction')).toHaveLength(1);
    expect(ofType(events, 'turn-end')[0]?.content).toBe('fits now');
    expect(requests).toHaveLength(14);
    expect(requests[13]!.messages.length).toBeLessThan(requests[12]!.messages.length);
    expect(requests[13]!.messages.at(-1)?.content).toBe('and now?');
  });

  it('V21: what is still too long fails with the words of the provider, after one more request and no more', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator([
      ...Array.from({ length: 12 }, () => ({ text: 'word '.repeat(200) })),
      { error: { kind: 'context-length', message: 'prompt is too long' } },
      { error: { kind: 'context-length', message: 'prompt is too long' } },
    ]);
    for (let turn = 0; turn < 12; turn += 1) await orchestrator.chat('word '.repeat(200));
    await expect(orchestrator.chat('and now?')).rejects.toMatchObject({ kind: 'context-length' });
    expect(requests).toHaveLength(14);
  });

  it('V21: what cannot be made smaller is not asked again', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator([
      { error: { kind: 'context-length', message: 'prompt is too long' } },
    ]);
    await expect(orchestrator.chat('hi')).rejects.toMatchObject({ kind: 'context-length' });
    expect(requests).toHaveLength(1);
  });

  it('V06: what broke off before its first word is counted as a call of unknown cost, each time', async () => {
    const { orchestrator } = await scriptedOrchestrator([
      { thinking: 'hm', error: { kind: 'overloaded', message: 'busy' } },
      { error: { kind: 'overloaded', message: 'busy' } },
      { text: 'fine' },
    ]);
    const events = await collect(orchestrator.stream('hi'));
    const ended = ofType(events, 'request-end').map(({ stopReason, costUsd }) => ({ stopReason, costUsd }));
    expect(ended).toEqual([
      { stopReason: 'interrupted', costUsd: null },
      { stopReason: 'end', costUsd: null },
    ]);
  });

  it('an answer is priced and named by who gave it, though another model is chosen meanwhile', async () => {
    const usage = { inputTokens: 1_000 };
    const { orchestrator } = await scriptedOrchestrator(() => ({ text: 'one two', chunks: 2, usage }), {
      model: 'cheap',
      settings: { prices: { cheap: { input: 1_000, output: 0 }, dear: { input: 1_000_000, output: 0 } } },
    });
    const events: VictorEvent[] = [];
    for await (const event of orchestrator.stream('hi')) {
      events.push(event);
      if (event.type === 'text-delta') await orchestrator.switchProvider('dear');
    }
    expect(ofType(events, 'request-end')[0]).toMatchObject({ model: 'cheap', costUsd: 1 });
    expect(ofType(events, 'turn-end')[0]).toMatchObject({ model: 'cheap', costUsd: 1 });
    expect((await orchestrator.chat('again')).costUsd).toBe(1_000);
  });

  it('an answer whose price nobody knows stays unknown, though a priced model is chosen meanwhile', async () => {
    const usage = { inputTokens: 1_000 };
    const { orchestrator } = await scriptedOrchestrator(() => ({ text: 'one two', chunks: 2, usage }), {
      model: 'nobody-knows',
      settings: { prices: { dear: { input: 1_000_000, output: 0 } } },
    });
    const events: VictorEvent[] = [];
    for await (const event of orchestrator.stream('hi')) {
      events.push(event);
      if (event.type === 'text-delta') await orchestrator.switchProvider('dear');
    }
    expect(ofType(events, 'request-end')[0]).toMatchObject({ model: 'nobody-knows', costUsd: null });
  });

  it('switches one session to another provider and model, and tells it as an event', async () => {
    const { orchestrator } = await scriptedOrchestrator(() => ({ text: 'ok' }));
    const changes: string[] = [];
    orchestrator.subscribe(
      (event) => event.type === 'provider-change' && changes.push(`${event.from} -> ${event.to}`),
    );
    const now = await orchestrator.switchProvider('offline', 'one');
    expect(now).toMatchObject({ provider: 'offline', model: 'extractive' });
    expect(orchestrator.coordinators.provider.current('two').provider).toBe('scripted');
    expect(changes).toEqual(['scripted/default -> offline/extractive']);
    await orchestrator.switchProvider('another-model', 'two');
    expect(orchestrator.coordinators.provider.current('two')).toMatchObject({
      provider: 'scripted',
      model: 'another-model',
    });
  });
});
