import { describe, expect, it } from 'vitest';
import { createSummarizeStrategy } from '../../src/compaction/summarize.js';
import { createTaskAwareStrategy } from '../../src/compaction/task-aware.js';
import { ContextCoordinator } from '../../src/coordinators/context.js';
import type { Message } from '../../src/core/message.js';
import { AgentOrchestrator } from '../../src/orchestrator.js';
import { ScriptedProvider } from '../../src/providers/scripted.js';
import { createMemoryStore } from '../../src/storage/memory-store.js';
import { scriptedOrchestrator } from '../helpers/scripted-orchestrator.js';

const contents = (messages: readonly Message[]) => messages.map(({ content }) => content);
const subjects = ['birds', 'rivers', 'kerning', 'metals', 'spices', 'planets', 'cities', 'games'];

async function talk(orchestrator: AgentOrchestrator) {
  for (const subject of subjects) await orchestrator.chat(`what do we know of ${subject} so far`);
}

describe('compacting with a focus', () => {
  it('keeps what the focus is about, once: the task afterwards is the latest message again', async () => {
    const context = new ContextCoordinator({
      compactionStrategy: createTaskAwareStrategy({ keepLast: 2, keep: 4 }),
    });
    const { orchestrator } = await scriptedOrchestrator(() => ({ text: 'noted' }), {
      coordinators: { context },
    });
    await talk(orchestrator);
    expect(await orchestrator.compact(undefined, 'the kerning of headings')).toMatchObject({
      strategy: 'task-aware',
      changed: true,
    });
    const kept = contents(context.getContext().messages).join('\n');
    expect(kept).toContain('kerning');
    expect(kept).not.toMatch(/birds|planets/);
    expect(context.getContext().metadata.currentTask).toBe('what do we know of games so far');
  });

  it('lets a strategy that asks a model ask that of the session, and tells it the focus', async () => {
    const context = new ContextCoordinator({ compactionStrategy: createSummarizeStrategy({ keepLast: 2 }) });
    const { orchestrator, requests } = await scriptedOrchestrator(
      ({ system }) => ({
        text: system.includes('You write the notes') ? '## Goal\nnotes' : 'word '.repeat(200),
      }),
      { coordinators: { context } },
    );
    await talk(orchestrator);
    expect(await orchestrator.compact(undefined, 'the kerning of headings')).toMatchObject({
      strategy: 'summarize',
      changed: true,
    });
    expect(requests.at(-1)!.messages[0]!.content).toContain('the kerning of headings');
  });
});

describe('a preview of a compaction', () => {
  it('says by each strategy what would be left, and by the one in force what would go, and changes nothing', async () => {
    const { orchestrator } = await scriptedOrchestrator(() => ({ text: 'noted' }));
    await talk(orchestrator);
    const { context } = orchestrator.coordinators;
    const before = context.getContext().messages;
    const preview = await orchestrator.previewCompaction();
    expect(preview.strategy).toBe('recent');
    expect(preview.trials.map(({ strategy }) => strategy)).toEqual([
      'recent',
      'semantic',
      'task-aware',
      'prune-tool-output',
    ]);
    expect(preview.gone).toHaveLength(before.length - 10);
    expect(preview.gone[0]).toEqual({ role: 'user', text: 'what do we know of birds so far' });
    expect(context.getContext().messages).toBe(before);
    const { after } = await orchestrator.compact();
    expect(preview.trials[0]).toEqual({ strategy: 'recent', after });
  });

  it('asks no model, and says so of a strategy that would', async () => {
    const context = new ContextCoordinator({ compactionStrategy: createSummarizeStrategy({ keepLast: 2 }) });
    const { orchestrator, requests } = await scriptedOrchestrator(() => ({ text: 'word '.repeat(200) }), {
      coordinators: { context },
    });
    await talk(orchestrator);
    const asked = requests.length;
    const { trials, gone } = await orchestrator.previewCompaction();
    expect(trials[0]).toMatchObject({ strategy: 'summarize', problem: expect.stringContaining('No model') });
    expect(gone).toEqual([]);
    expect(requests).toHaveLength(asked);
  });
});

describe('taking a compaction back', () => {
  it('brings the messages back with what was said since, for good: a resume begins with them', async () => {
    const store = createMemoryStore();
    const open = () =>
      new AgentOrchestrator({
        provider: new ScriptedProvider({ script: () => ({ text: 'noted' }) }),
        store,
        sessionId: 's',
      });
    const first = open();
    await talk(first);
    const all = contents(first.coordinators.context.getContext('s').messages);
    await first.compact();
    await first.chat('and since then');
    const done = await first.uncompact();
    expect(done).toMatchObject({
      changed: true,
      before: { messages: 12 },
      after: { messages: all.length + 2 },
    });
    const whole = [...all, 'and since then', 'noted'];
    expect(contents(first.coordinators.context.getContext('s').messages)).toEqual(whole);
    const second = open();
    await second.openSession('s');
    expect(contents(second.coordinators.context.getContext('s').messages)).toEqual(whole);
    expect(await second.uncompact('s')).toMatchObject({ changed: false, reason: /No compaction/ });
  });

  it('is refused with the reason where it would only be compacted again, and changes nothing then', async () => {
    const { orchestrator } = await scriptedOrchestrator(() => ({ text: 'noted' }), {
      settings: { contextWindow: 9_000, maxTokens: 1_000, compaction: { threshold: 0.4 } },
    });
    for (let turn = 0; turn < 12; turn++) await orchestrator.chat(`${turn} ${'word '.repeat(400)}`);
    const { context } = orchestrator.coordinators;
    const before = context.getContext().messages;
    const answer = await orchestrator.uncompact();
    expect(answer).toMatchObject({ changed: false, reason: /compacted again when they pass ~\d+\./ });
    expect(context.getContext().messages).toBe(before);
  });
});
