import { describe, expect, it } from 'vitest';
import { blockText } from '../../src/compaction/block-text.js';
import { toBlocks } from '../../src/compaction/blocks.js';
import { importance } from '../../src/compaction/importance.js';
import { assistantMessage, type Message, userMessage } from '../../src/core/message.js';
import { createStaticEmbedder } from '../../src/embedding/static.js';
import { wordTexts } from '../../src/relevance/word-texts.js';

async function scores(messages: readonly Message[]) {
  const embedded = await createStaticEmbedder().embed(messages.map(({ content }) => content));
  const blocks = toBlocks(messages);
  return importance(blocks, wordTexts(blocks.map(blockText)), embedded);
}

const ordinary = Array.from({ length: 8 }, (_, n) => userMessage(`the tests of the parser pass again ${n}`));

describe('the importance of messages, with nobody asking', () => {
  it('is more for an answer than for its question', async () => {
    const [question, answer] = (
      await scores([
        userMessage('Which port does staging use?'),
        assistantMessage('Staging uses port 7312.'),
        ...ordinary,
      ])
    ).slice(0, 2);
    expect(answer).toBeGreaterThan(question!);
  });

  it('is more for the only message with its words than for one that is like all others', async () => {
    const found = await scores([
      ...ordinary,
      userMessage('Ingrid signs invoices in Gothenburg on Thursdays.'),
    ]);
    expect(Math.max(...found.slice(0, -1))).toBeLessThan(found.at(-1)!);
  });

  it('goes by what is told per token: the same in many more words is less', async () => {
    const padded = `Bergen invoices ${'and so on and on, as it was '.repeat(40)}`;
    const found = await scores([...ordinary, userMessage('Bergen ledgers'), userMessage(padded)]);
    expect(found.at(-2)!).toBeGreaterThan(found.at(-1)!);
  });

  it('has a mean of 1, and is a number also for messages with nothing in them', async () => {
    const found = await scores([...ordinary, userMessage(''), assistantMessage('?')]);
    expect(found.every(Number.isFinite)).toBe(true);
    expect(found.reduce((sum, one) => sum + one, 0) / found.length).toBeCloseTo(1);
    expect(await scores([])).toHaveLength(0);
  });
});
