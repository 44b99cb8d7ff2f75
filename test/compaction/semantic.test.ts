import { describe, expect, it } from 'vitest';
import { createSemanticStrategy } from '../../src/compaction/semantic.js';
import { ContextCoordinator } from '../../src/coordinators/context.js';
import type { Embedder } from '../../src/core/extension.js';
import { assistantMessage, userMessage } from '../../src/core/message.js';
import { estimateTokens } from '../../src/core/tokens.js';
import { contents } from './conversation.js';

const said = (topic: string, count: number) =>
  Array.from({ length: count }, (_, n) => userMessage(`${topic} number ${n}`));

describe('the semantic strategy', () => {
  it('keeps something of each thing that was talked about, however much was said of one of them', async () => {
    const messages = [
      ...said('database connection pool', 40),
      ...said('colour of terminal headings', 3),
      ...said('quarterly invoice rounding', 2),
      ...said('ok', 3),
    ];
    const after = await createSemanticStrategy({ keepLast: 2, targetCount: 10 }).compact({
      messages,
      metadata: {},
    });
    expect(after.messages.length).toBeLessThanOrEqual(10);
    const kept = contents(after.messages).join('\n');
    for (const topic of ['database', 'colour', 'invoice']) expect(kept).toContain(topic);
    expect(after.messages.slice(-2)).toEqual(messages.slice(-2));
  });

  it('gives a good part of the room to what is nearest to the current task', async () => {
    const messages = [
      ...said('invoices', 4),
      ...['fonts', 'planets', 'birds', 'rivers', 'cities', 'metals', 'games', 'spices'].flatMap((one) =>
        said(one, 3),
      ),
      userMessage('go on'),
    ];
    const strategy = createSemanticStrategy({ keepLast: 1, targetCount: 9 });
    const about = async (currentTask?: string) => {
      const { messages: kept } = await strategy.compact({
        messages,
        metadata: currentTask ? { currentTask } : {},
      });
      return contents(kept).filter((text) => text.startsWith('invoice')).length;
    };
    expect(await about('fix the rounding of invoices')).toBe(4);
    expect(await about()).toBeLessThan(3);
  });

  it('keeps an answer rather than its question, where there is room for one of them', async () => {
    const question = userMessage('Which port does the staging server listen on, and who chose it?');
    const answer = assistantMessage('Port 7312 of host emu-4, chosen by Ingrid because 7311 was taken.');
    const messages = [
      ...said('we looked at fonts and colours of headings', 6),
      question,
      answer,
      ...said('we looked at margins and icons of headings', 6),
    ];
    const last = messages.at(-1)!;
    const targetTokens = estimateTokens([last, answer]) + 5;
    const after = await createSemanticStrategy({ keepLast: 1 }).compact({
      messages,
      metadata: { targetTokens },
    });
    expect(after.messages).toContain(answer);
    expect(after.messages).not.toContain(question);
    expect(estimateTokens(after.messages)).toBeLessThanOrEqual(targetTokens);
  });

  it('asks the embedder that it was given, and keeps what that one finds different', async () => {
    // Sees only the first letter.
    const embedder: Embedder = {
      name: 'letters',
      dimensions: 2,
      embed: (texts) =>
        texts.map((text) => (text.startsWith('a') ? new Float32Array([1, 0]) : new Float32Array([0, 1]))),
    };
    const messages = ['alpha', 'ape', 'bear', 'axe', 'arc', 'end'].map((text) => userMessage(text));
    const strategy = createSemanticStrategy({ keepLast: 1, targetCount: 3, embedder });
    const kept = contents((await strategy.compact({ messages, metadata: {} })).messages);
    expect(kept).toHaveLength(3);
    expect(kept).toContain('bear');
  });

  it.each<[string, Embedder['embed']]>([
    ['too few vectors', () => [new Float32Array([1])]],
    ['vectors of different lengths', (texts) => texts.map((_, n) => new Float32Array(n + 1))],
    ['numbers that are none', (texts) => texts.map(() => new Float32Array([Number.NaN]))],
    ['nothing', () => undefined as never],
  ])('an embedder that answers %s is named, and recent messages are kept', async (_, embed) => {
    const embedder = { name: 'mine', dimensions: 1, embed };
    const coordinator = new ContextCoordinator({ compactionStrategy: createSemanticStrategy({ embedder }) });
    const failures: string[] = [];
    coordinator.onExtensionFailure = ({ message }) => failures.push(message);
    const after = await coordinator.compactContext({ messages: said('x', 50), metadata: {} });
    expect(after.messages).toHaveLength(10);
    expect(failures).toEqual([expect.stringContaining('embedder mine')]);
  });

  it('an embedder that fails is told once in each session, however often a session is compacted', async () => {
    const embedder = { name: 'mine', dimensions: 1, embed: () => Promise.reject(new Error('no answer')) };
    const coordinator = new ContextCoordinator({ compactionStrategy: createSemanticStrategy({ embedder }) });
    const failures: (string | undefined)[] = [];
    coordinator.onExtensionFailure = (_, sessionId) => failures.push(sessionId);
    for (const id of ['a', 'b']) {
      coordinator.append(said('x', 50), id);
      for (let time = 0; time < 3; time++) await coordinator.compactContext(coordinator.getContext(id));
    }
    expect(failures).toEqual(['a', 'b']);
    // Another strategy that fails is another failure.
    coordinator.configure({ compactionStrategy: createSemanticStrategy({ embedder }) });
    await coordinator.compactContext(coordinator.getContext('a'));
    expect(failures).toEqual(['a', 'b', 'a']);
  });

  it('compacts 500 messages within a second of computing', async () => {
    const messages = Array.from({ length: 500 }, (_, n) =>
      userMessage(`topic${n % 25} says ${'word '.repeat(100)}${n}`),
    );
    const before = process.cpuUsage();
    const after = await createSemanticStrategy().compact({ messages, metadata: { currentTask: 'topic3' } });
    // Not the time that passes: other processes of this machine are not what is measured.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(1_000);
    expect(after.messages.length).toBeLessThanOrEqual(20);
  });
});
