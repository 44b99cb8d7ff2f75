import { describe, expect, test } from 'vitest';
import type { ToolDescriptor, ToolScore } from '../../src/core/extension.js';
import { builtInSelectionStrategies } from '../../src/selection/index.js';
import { createKeywordStrategy } from '../../src/selection/keyword.js';

const tools: readonly ToolDescriptor[] = [
  tool('Read', 'Read a text file as numbered lines.', ['open', 'show', 'view']),
  tool('Bash', 'Run a command in a shell.', ['execute', 'test', 'build']),
  tool('webSearch', 'Look something up on the internet.', ['google'], ['query']),
  tool('send_mail', 'Send an electronic letter.', [], ['recipient', 'subject']),
];

function tool(
  name: string,
  description: string,
  keywords: readonly string[] = [],
  parameters: readonly string[] = [],
): ToolDescriptor {
  return { name, description, keywords, parameters };
}

async function best(request: string): Promise<ToolScore | undefined> {
  const scores = await createKeywordStrategy().score(request, tools);
  return scores.toSorted((a, b) => b.score - a.score)[0];
}

describe('the keyword strategy', () => {
  test.each([
    ['show me the file', 'Read'],
    ['running the tests', 'Bash'],
    ['search the web for it', 'webSearch'],
    ['use websearch', 'webSearch'],
    ['mail this to Ann', 'send_mail'],
    ['the recipient is Ann', 'send_mail'],
    ['google it', 'webSearch'],
  ])('%s -> %s', async (request, name) => {
    expect((await best(request))?.name).toBe(name);
  });

  test('one score a tool, in the given order, the best of them 1', async () => {
    const scores = await createKeywordStrategy().score('open the file and run a command', tools);
    expect(scores.map(({ name }) => name)).toEqual(tools.map(({ name }) => name));
    expect(Math.max(...scores.map(({ score }) => score))).toBe(1);
    for (const { score } of scores) {
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    }
  });

  test('a reason names the words of the request, the most telling first', async () => {
    expect((await best('open the file'))?.reason).toMatch(/^matches "(?:open|file)", "(?:open|file)"$/);
    const [, bash] = await createKeywordStrategy().score('open the file', tools);
    expect(bash).toEqual({ name: 'Bash', score: 0, reason: 'matches nothing in the request' });
  });

  test('a word of the name counts for more than the same word in a description', async () => {
    const described = tool('Alpha', 'Archive pages.');
    const named = tool('archive', 'Alpha pages.');
    for (const order of [
      [described, named],
      [named, described],
    ]) {
      const scores = await createKeywordStrategy().score('archive it', order);
      const [one, other] = scores.toSorted((a, b) => b.score - a.score);
      expect(one?.name).toBe('archive');
      expect(other!.score).toBeLessThan(one!.score);
    }
  });

  test('equal tools get equal scores, and equal input gives equal output', async () => {
    const twins = [tool('first1', 'Draw a circle.'), tool('other1', 'Draw a circle.')];
    const strategy = createKeywordStrategy();
    const [one, other] = await strategy.score('draw circles', twins);
    expect(one?.score).toBe(other?.score);
    expect(await strategy.score('draw circles', twins)).toEqual(await strategy.score('draw circles', twins));
  });

  test.each(['', '   ', '?!', 'the of and', '\u0000\ud800', '会话存储在哪里'])(
    'a request without a known word: %j',
    async (request) => {
      const scores = await createKeywordStrategy().score(request, tools);
      expect(scores.map(({ score }) => score)).toEqual([0, 0, 0, 0]);
    },
  );

  test('no tools give no scores', async () => {
    expect(await createKeywordStrategy().score('read', [])).toEqual([]);
  });

  test('tools without any text do not divide by zero', async () => {
    expect(await createKeywordStrategy().score('read', [tool('', '')])).toEqual([
      { name: '', score: 0, reason: 'matches nothing in the request' },
    ]);
  });

  test('it is the built-in named keyword', () => {
    expect(builtInSelectionStrategies.keyword?.({}).name).toBe('keyword');
  });
});
