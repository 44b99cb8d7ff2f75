import { describe, expect, test } from 'vitest';
import type { Embedder, ToolDescriptor, ToolScore } from '../../src/core/extension.js';
import { createHashEmbedder } from '../../src/embedding/hash.js';
import { createSemanticStrategy } from '../../src/selection/semantic.js';

const tools: readonly ToolDescriptor[] = [
  tool('deploy_service', 'Roll a service out to production.'),
  tool('invoice_total', 'Sum up the invoices of a month.', ['billing']),
  tool('translate_text', 'Translate a text into another language.'),
  tool('weather_forecast', 'The weather of the next days.', [], ['city']),
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
  const scores = await createSemanticStrategy().score(request, tools);
  return scores.toSorted((a, b) => b.score - a.score)[0];
}

/** Knows which words mean the same, and counts the texts it was asked for. */
function conceptEmbedder(): Embedder & { readonly texts: string[] } {
  const concepts = [/money|invoice/i, /rain|weather/i, /ship|deploy/i, /language/i];
  const texts: string[] = [];
  return {
    name: 'concepts',
    dimensions: concepts.length,
    texts,
    embed: async (asked) => {
      texts.push(...asked);
      return asked.map((text) => Float32Array.from(concepts, (concept) => (concept.test(text) ? 1 : 0)));
    },
  };
}

describe('the semantic strategy', () => {
  test.each([
    ['deploying the services', 'deploy_service'],
    ['a translation of this', 'translate_text'],
    ['forecasts for Oslo', 'weather_forecast'],
    ['invoicing for May', 'invoice_total'],
    ['whatever the bill says', 'invoice_total'],
    ['which citys are there', 'weather_forecast'],
  ])('finds a word in a form that is nowhere written: %s -> %s', async (request, name) => {
    expect((await best(request))?.name).toBe(name);
  });

  test('one score a tool, in the given order, from 0 to 1, the best of them 1', async () => {
    const scores = await createSemanticStrategy().score('translate the invoice', tools);
    expect(scores.map(({ name }) => name)).toEqual(tools.map(({ name }) => name));
    expect(Math.max(...scores.map(({ score }) => score))).toBe(1);
    expect(Math.min(...scores.map(({ score }) => score))).toBe(0);
  });

  test('a reason names what made a tool close, the closest first', async () => {
    const scores = await createSemanticStrategy().score('please translate the invoices here', tools);
    expect(scores[1]?.reason).toMatch(/^close to "invoices"/);
    expect(scores[2]?.reason).toMatch(/^close to "translate"/);
    const least = scores.toSorted((a, b) => a.score - b.score)[0];
    expect(least).toEqual({ name: 'weather_forecast', score: 0, reason: 'not close to the request' });
  });

  test('words of one meaning meet, though they share no letters', async () => {
    expect((await best('will it be rainy and sunny tomorrow'))?.name).toBe('weather_forecast');
    expect((await best('say it in German'))?.name).toBe('translate_text');
  });

  test('where no tool is really close, the best of them scores little', async () => {
    expect((await best('strawberry cake and grandmothers'))?.score).toBeLessThan(0.8);
    expect((await best('translate a text'))?.score).toBe(1);
  });

  test.each(['', '?!', 'the of and', 'strawberry cake', '\u0000\ud800'])(
    'a request that no tool is about scores 0 everywhere: %j',
    async (request) => {
      const scores = await createSemanticStrategy().score(request, tools);
      expect(scores.map(({ score }) => score)).toEqual([0, 0, 0, 0]);
    },
  );

  test('equal input gives equal output, whatever was asked before', async () => {
    const strategy = createSemanticStrategy();
    const first = await strategy.score('deploy it', tools);
    await strategy.score('the weather', tools.slice(1));
    expect(await strategy.score('deploy it', tools)).toEqual(first);
    expect(await createSemanticStrategy().score('deploy it', tools)).toEqual(first);
  });

  test('works with any embedder', async () => {
    const scores = await createSemanticStrategy({ embedder: conceptEmbedder() }).score(
      'how much money',
      tools,
    );
    expect(scores[1]).toEqual({ name: 'invoice_total', score: 1, reason: 'close to "money"' });
    expect(scores[3]?.score).toBe(0);
  });

  test('the text of a tool is embedded once, and again only when it changes', async () => {
    const embedder = conceptEmbedder();
    const strategy = createSemanticStrategy({ embedder });
    await strategy.score('rain', tools);
    await strategy.score('money', tools);
    expect(embedder.texts.filter((text) => text.includes('weather_forecast'))).toHaveLength(1);
    const changed = tool('weather_forecast', 'Tells money.');
    const [score] = await strategy.score('money', [changed]);
    expect(score?.score).toBe(1);
    await strategy.score('money', [changed]);
    expect(embedder.texts.filter((text) => text.includes('weather_forecast'))).toHaveLength(2);
  });

  test('no tools give no scores', async () => {
    expect(await createSemanticStrategy({ embedder: createHashEmbedder() }).score('read', [])).toEqual([]);
  });
});
