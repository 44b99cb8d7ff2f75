import { describe, expect, it } from 'vitest';
import type { VictorEvent } from '../../src/core/event.js';
import { collect, ofType, scriptedOrchestrator } from '../helpers/scripted-orchestrator.js';

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

  it('gives up after three attempts', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator(() => ({
      error: { kind: 'network', message: 'gone' },
    }));
    await expect(orchestrator.chat('hi')).rejects.toMatchObject({ kind: 'network' });
    expect(requests).toHaveLength(3);
  });

  it('V06: never asks again once text came, so that no text comes twice; the part is kept and marked', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator([
      { text: 'half an ans', error: { kind: 'network', message: 'cut' } },
    ]);
    const events: VictorEvent[] = [];
    await expect(
      (async () => {
        for await (const event of orchestrator.stream('hi')) events.push(event);
      })(),
    ).rejects.toMatchObject({ kind: 'network' });
    expect(requests).toHaveLength(1);
    const kept = ofType(events, 'message').at(-1)?.message;
    expect(kept).toMatchObject({ role: 'assistant', content: 'half an ans', partial: true });
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
