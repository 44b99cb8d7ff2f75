import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import { AnalyticsCoordinator } from '../src/coordinators/analytics.js';
import { StorageError } from '../src/core/errors.js';
import type { VictorEvent } from '../src/core/event.js';
import { collect, ofType, scriptedOrchestrator } from './helpers/scripted-orchestrator.js';

describe('what becomes of an event', () => {
  it('a message is in the log before anybody hears of it', async () => {
    const { orchestrator } = await scriptedOrchestrator([{ text: 'hi' }]);
    let checked = 0;
    for await (const event of orchestrator.stream('hello')) {
      if (event.type !== 'message') continue;
      const log = await orchestrator.store.sessions.readLog(orchestrator.sessionId);
      expect(log.at(-1)?.entry).toMatchObject({ type: 'message', message: { id: event.message.id } });
      checked += 1;
    }
    expect(checked).toBe(2);
  });

  it('D04: a log that cannot be written is said once, and the session goes on in memory', async () => {
    const { orchestrator } = await scriptedOrchestrator(() => ({ text: 'hi' }));
    orchestrator.store.sessions.appendLog = () =>
      Promise.reject(new StorageError('the disk is full.', { advice: 'Free some space.' }));
    const events = await collect(orchestrator.stream('one'));
    events.push(...(await collect(orchestrator.stream('two'))));
    const notices = ofType(events, 'notice').map(({ text }) => text);
    expect(notices).toEqual(['This session is not being saved: the disk is full. Free some space.']);
    expect(orchestrator.coordinators.context.getContext().messages).toHaveLength(4);
  });

  it('a subscriber or coordinator that throws is named once and breaks no turn', async () => {
    const analytics = new AnalyticsCoordinator();
    analytics.track = () => {
      throw new Error('tracker down');
    };
    const { orchestrator } = await scriptedOrchestrator([{ text: 'hi' }], { coordinators: { analytics } });
    orchestrator.subscribe(() => {
      throw new Error('no ears');
    });
    const events = await collect(orchestrator.stream('hello'));
    expect(ofType(events, 'turn-end')[0]?.content).toBe('hi');
    const failures = ofType(events, 'extension-failure').map(
      ({ failure }) => `${failure.name}: ${failure.message}`,
    );
    expect(failures.sort()).toEqual(['a subscriber: no ears', 'analytics: tracker down']);
  });

  it('a subscriber that fails later is named once and ends no process', async () => {
    const { orchestrator } = await scriptedOrchestrator(() => ({ text: 'hi' }));
    const strays: unknown[] = [];
    const stray = (reason: unknown) => strays.push(reason);
    process.on('unhandledRejection', stray);
    onTestFinished(() => void process.off('unhandledRejection', stray));
    orchestrator.subscribe(async () => {
      await sleep(1);
      throw new Error('no ears');
    });
    const told: VictorEvent[] = [];
    orchestrator.subscribe((event) => told.push(event));
    await orchestrator.chat('hello');
    const failures = () => ofType(told, 'extension-failure').map(({ failure }) => failure.message);
    await expect.poll(failures).toEqual(['no ears']);
    // All the others of its promises have failed by then, too.
    await sleep(50);
    expect(failures()).toEqual(['no ears']);
    expect(strays).toEqual([]);
  });

  it('a subscriber cannot change what others, the log and the caller see', async () => {
    const tool = {
      name: 'Look',
      description: 'Looks.',
      kind: 'read' as const,
      schema: z.object({ at: z.array(z.string()) }),
      paths: () => [],
      describe: () => 'looks',
      // What no contract asks for: a buffer cannot be frozen, and must not end the turn.
      execute: async () => ({ content: 'seen', bytes: Buffer.from('seen') }),
    };
    const { orchestrator } = await scriptedOrchestrator(
      [{ toolCalls: [{ name: 'Look', input: { at: ['home'] } }] }, { text: 'done' }],
      { tools: [tool] },
    );
    const refusals = new Set<string>();
    orchestrator.subscribe((event) => {
      for (const part of partsOf(event)) {
        try {
          for (const key of Object.keys(part)) (part as Record<string, unknown>)[key] = 'forged';
          (part as Record<string, unknown>).added = 'forged';
        } catch {
          refusals.add(event.type);
        }
      }
    });
    const told: VictorEvent[] = [];
    orchestrator.subscribe((event) => told.push(event));
    const events = await collect(orchestrator.stream('hello'));
    const log = await orchestrator.store.sessions.readLog(orchestrator.sessionId);
    expect(JSON.stringify([told, events, log])).not.toContain('forged');
    expect([...refusals]).toEqual(
      expect.arrayContaining(['message', 'tool-call', 'tool-result', 'turn-end']),
    );
    expect(ofType(events, 'tool-result')[0]?.result.content).toBe('seen');
  });
});

/** The event and every plain object and list in it. */
function partsOf(value: unknown): object[] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  return [value, ...Object.values(value).flatMap(partsOf)];
}
