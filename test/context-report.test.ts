import { describe, expect, it } from 'vitest';
import { assistantMessage } from '../src/core/message.js';
import { estimateTokens } from '../src/core/tokens.js';
import { collect, ofType, scriptedOrchestrator, toolCall } from './helpers/scripted-orchestrator.js';

const sum = (parts: readonly { readonly tokens: number }[]) =>
  parts.reduce((before, { tokens }) => before + tokens, 0);

describe('what fills the context', () => {
  it('is told from the real prompt, tools and messages, and adds up to their estimate', async () => {
    const read = toolCall('Read', { path: 'notes.txt' });
    const { orchestrator } = await scriptedOrchestrator([read, { text: 'It says hello.' }], {
      files: { 'notes.txt': 'hello '.repeat(400) },
    });
    const before = await orchestrator.contextReport();
    expect(before).toMatchObject({ messages: [], messageCount: 0, answerTokens: 8192 });
    expect(before.countedTokens).toBeUndefined();
    expect(before.prompt.map(({ name }) => name)).toEqual(['base']);
    const definitions = orchestrator.coordinators.tool.definitions();
    expect(before.tools.map(({ name }) => name)).toEqual(definitions.map(({ name }) => name));

    await orchestrator.chat('What do the notes say?');
    const report = await orchestrator.contextReport();
    const { messages } = orchestrator.coordinators.context.getContext();
    expect(report.messageCount).toBe(messages.length);
    expect(report.messages.map(({ name, count }) => `${count} ${name}`)).toEqual([
      '1 your messages',
      '1 answers',
      '1 tool calls',
      '1 tool results',
    ]);
    expect(Math.abs(sum(report.messages) - estimateTokens(messages))).toBeLessThanOrEqual(8);
    const snapshot = orchestrator.coordinators.metrics.snapshot(orchestrator.sessionId);
    expect(report.countedTokens).toBe(snapshot.contextTokens);
  });

  it('compacts where the outlook says, and not before', async () => {
    const { orchestrator } = await scriptedOrchestrator(() => ({ text: 'yes' }), {
      settings: { contextWindow: 20_000, maxTokens: 1_000, compaction: { strategy: 'recent' } },
    });
    const { context } = orchestrator.coordinators;
    const outlook = async () => (await orchestrator.contextReport()).outlook!;
    let compacted = false;
    while (!compacted) {
      context.append([assistantMessage('word '.repeat(1_000))], orchestrator.sessionId);
      const { tokens, compactsAtTokens, automatic, strategy, now } = await outlook();
      expect({ automatic, strategy }).toEqual({ automatic: true, strategy: 'recent' });
      expect(now!.tokens).toBeLessThanOrEqual(tokens);
      const events = await collect(orchestrator.stream('ok'));
      compacted = ofType(events, 'compaction').length > 0;
      // The message of this turn itself is a few tokens more.
      if (compacted) expect(tokens + 10).toBeGreaterThan(compactsAtTokens);
      else expect(tokens).toBeLessThanOrEqual(compactsAtTokens);
    }
  });

  it('says that nothing is compacted by itself, and does not guess what a model would leave', async () => {
    const none = await scriptedOrchestrator([], { settings: { compaction: { strategy: 'none' } } });
    expect((await none.orchestrator.contextReport()).outlook).toMatchObject({ automatic: false });
    const model = await scriptedOrchestrator([], { settings: { compaction: { strategy: 'summarize' } } });
    const { outlook } = await model.orchestrator.contextReport();
    expect(outlook).toMatchObject({ strategy: 'summarize', automatic: true });
    expect(outlook).not.toHaveProperty('now');
    expect(model.requests).toEqual([]);
  });
});
