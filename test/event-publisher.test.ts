import { describe, expect, it } from 'vitest';
import { AnalyticsCoordinator } from '../src/coordinators/analytics.js';
import { StorageError } from '../src/core/errors.js';
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
});
