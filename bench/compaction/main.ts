/**
 * What each compaction strategy keeps of what questions will need, and how long it takes.
 *
 *   npm run bench:compaction -- [FOLDER] [--json] [--no-times] [--write] [--strategies recent,task-aware,…]
 *
 * FOLDER holds conversations, one JSON file each: `messages` of `id`, `speaker` and `text` in order, and `questions` of
 * `question` and `evidence`, the ids of the messages that answer it (the shape of LoCoMo, Maharana et al. 2024); a small
 * set of our own when it is left out. A message may also have `calls`, or be the `resultOf` one. `--write` puts the table into
 * docs/context.md.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { enforceInvariants } from '../../src/compaction/enforce-invariants.js';
import { builtInCompactionStrategies } from '../../src/compaction/index.js';
import { createRecentStrategy } from '../../src/compaction/recent.js';
import { createSemanticStrategy } from '../../src/compaction/semantic.js';
import { createTaskAwareStrategy } from '../../src/compaction/task-aware.js';
import type { CompactionStrategy, Embedder } from '../../src/core/extension.js';
import type { Message } from '../../src/core/message.js';
import { estimateTokens } from '../../src/core/tokens.js';
import { createStaticEmbedder } from '../../src/embedding/static.js';
import { dataFolder } from '../data-folder.js';
import { writeSection } from '../write-section.js';
import { type Conversation, holdsConversations, readConversations } from './conversations.js';
import { greedyCoverage } from './greedy-coverage.js';

const SHARES = [0.1, 0.25, 0.5];
/** So many messages, and what bringing them to a tenth may take. */
const TIMED = [
  [1_000, '50 ms'],
  [10_000, 'none'],
  [50_000, '2 s'],
] as const;
const OWN = fileURLToPath(new URL('../data/compaction', import.meta.url));

interface Contestant {
  /** Whether the question is the current task; without it one answer serves all questions. */
  readonly asks: boolean;
  make(messages: readonly Message[], targetTokens: number): CompactionStrategy;
}

const own = createStaticEmbedder();
/** Of a question for each message once: thousands of compactions of the same messages follow. */
const known = new Map<string, Float32Array>();
let embedder: Embedder = {
  ...own,
  embed: async (texts) => {
    const missing = [...new Set(texts)].filter((text) => !known.has(text));
    for (const [index, vector] of (await own.embed(missing)).entries()) known.set(missing[index]!, vector);
    return texts.map((text) => known.get(text)!);
  },
};

const contestants: Readonly<Record<string, Contestant>> = {
  recent: {
    asks: false,
    make: (messages, target) => createRecentStrategy({ keepLast: lastThatFit(messages, target) }),
  },
  'greedy coverage': { asks: false, make: (_, target) => greedyCoverage(target) },
  semantic: { asks: false, make: () => createSemanticStrategy({ embedder }) },
  'task-aware': { asks: true, make: () => createTaskAwareStrategy({ embedder }) },
  hybrid: { asks: true, make: () => builtInCompactionStrategies.hybrid!({}) },
};

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    write: { type: 'boolean' },
    'no-times': { type: 'boolean' },
    strategies: { type: 'string', default: Object.keys(contestants).join(',') },
  },
});
const conversations = readConversations(dataFolder(positionals[0] ?? OWN, holdsConversations));
const rows: Record<string, Record<string, number>> = {};
for (const name of flags.strategies.split(',')) {
  const contestant = contestants[name];
  if (!contestant)
    throw new Error(`There is no strategy ${name}; there are ${Object.keys(contestants).join(', ')}.`);
  rows[name] = {};
  for (const share of SHARES) rows[name][share] = await evidenceKept(contestant, share);
}
if (flags.json) console.log(JSON.stringify(rows));
else await print();

/** Percent of the evidence of all questions that is still there when so much of the characters is kept. */
async function evidenceKept(contestant: Contestant, share: number): Promise<number> {
  let kept = 0;
  let all = 0;
  for (const conversation of conversations) {
    let answer: ReadonlySet<string> | undefined;
    for (const { question, evidence } of conversation.questions) {
      if (contestant.asks || !answer) answer = await idsKept(contestant, conversation, share, question);
      kept += evidence.filter((id) => answer!.has(id)).length;
      all += evidence.length;
    }
  }
  return Math.round((kept / all) * 1000) / 10;
}

/** The wanted size is in the tokens that Victor counts; it is lowered until the characters are no more than the share. */
async function idsKept(
  { asks, make }: Contestant,
  { messages }: Conversation,
  share: number,
  question: string,
): Promise<ReadonlySet<string>> {
  const characters = charactersOf(messages) * share;
  for (let targetTokens = Math.floor(estimateTokens(messages) * share); ; ) {
    const context = { messages, metadata: { targetTokens, ...(asks ? { currentTask: question } : {}) } };
    const answer = enforceInvariants(context, await make(messages, targetTokens).compact(context));
    const used = charactersOf(answer.messages);
    if (used <= characters) return new Set(answer.messages.map(({ id }) => id));
    targetTokens = Math.floor(Math.min(targetTokens - 1, (targetTokens * characters) / used));
    if (targetTokens <= 0) throw new Error('A strategy keeps more than it may, whatever it is told.');
  }
}

function charactersOf(messages: readonly Message[]): number {
  return messages.reduce((sum, { content }) => sum + content.length, 0);
}

function lastThatFit(messages: readonly Message[], targetTokens: number): number {
  let count = 0;
  while (count < messages.length && estimateTokens(messages.slice(-count - 1)) <= targetTokens) count += 1;
  return count;
}

async function print(): Promise<void> {
  const questions = conversations.reduce((sum, one) => sum + one.questions.length, 0);
  const table = [
    `${conversations.length} conversations, ${questions} questions: % of the evidence kept at a share of the tokens`,
    '',
    `| strategy | ${SHARES.map((share) => `${share * 100} %`).join(' | ')} |`,
    '|---|--:|--:|--:|',
    ...Object.entries(rows).map(
      ([name, row]) => `| ${name} | ${SHARES.map((share) => row[share]!.toFixed(1)).join(' | ')} |`,
    ),
    '',
    'What this does not show: whether a model answers as well with what is kept.',
  ].join('\n');
  console.log(table);
  if (flags.write) writeSection('compaction', `\`npm run bench:compaction\`: ${table}`);
  if (flags['no-times']) return;
  // Nothing is remembered where the time counts.
  embedder = own;
  console.log('\nMilliseconds of computing to bring so many messages to a tenth, median of 5:');
  for (const [count, bound] of TIMED) console.log(`${count}: ${await times(count)}; bound ${bound}`);
}

async function times(count: number): Promise<string> {
  const source = conversations.flatMap(({ messages }) => messages);
  const messages = Array.from({ length: count }, (_, index): Message => {
    return { ...source[index % source.length]!, id: `m${index}` };
  });
  const targetTokens = Math.floor(estimateTokens(messages) / 10);
  const currentTask = conversations[0]!.questions[0]!.question;
  const results: string[] = [];
  for (const name of ['semantic', 'task-aware', 'hybrid']) {
    const durations: number[] = [];
    for (let round = 0; round < 5; round++) {
      // What this process computes: others of the machine are not what is measured.
      const before = process.cpuUsage();
      await contestants[name]!.make(messages, targetTokens).compact({
        messages,
        metadata: { targetTokens, currentTask },
      });
      const { user, system } = process.cpuUsage(before);
      durations.push((user + system) / 1_000);
    }
    results.push(`${name} ${durations.sort((a, b) => a - b)[2]!.toFixed(0)}`);
  }
  return results.join(', ');
}
