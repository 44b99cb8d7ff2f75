/**
 * Custom compaction strategies: keep the recent messages, a diverse selection, or what matters for the task.
 * Useful for long conversations and for saving tokens.
 * Run it with `npm run build && npx tsx examples/04-custom-compaction-strategy.ts`.
 */
import {
  AgentOrchestrator,
  type CompactionStrategy,
  type Context,
  ContextCoordinator,
  createHashEmbedder,
  type Embedder,
  ScriptedProvider,
  settings,
} from 'victor-agent';
import { conversation, topicsOf } from './shared/conversation.js';
import { isMain } from './shared/is-main.js';

/** Keeps only the most recent messages. */
export class RecentMessagesCompactionStrategy implements CompactionStrategy {
  readonly #keepLast: number;

  constructor({ keepLast = 10 }: { keepLast?: number } = {}) {
    this.#keepLast = keepLast;
  }

  compact(context: Context): Context {
    if (context.messages.length <= this.#keepLast) return context;
    const system = context.messages.filter(({ role }) => role === 'system');
    const recent = context.messages.slice(-this.#keepLast);
    // What is in both, and a tool result that lost its call, the context coordinator puts right, whatever the strategy.
    return { ...context, messages: [...system, ...recent] };
  }
}

/** Keeps semantically diverse messages: clusters their embeddings and keeps what is nearest to each centre. */
export class SemanticCompactionStrategy implements CompactionStrategy {
  readonly #embedder: Embedder;
  readonly #keep: number;

  constructor(embedder: Embedder, { keep = 10 }: { keep?: number } = {}) {
    this.#embedder = embedder;
    this.#keep = keep;
  }

  async compact(context: Context): Promise<Context> {
    if (context.messages.length <= this.#keep) return context;
    const said = context.messages.filter(({ role, content }) => role !== 'system' && content.trim() !== '');
    const vectors = await this.#embedder.embed(said.map(({ content }) => content));
    const kept = new Set(representatives(vectors, this.#keep).map((index) => said[index]));
    return { ...context, messages: context.messages.filter((one) => one.role === 'system' || kept.has(one)) };
  }
}

/** Keeps messages relevant to the current task: those whose embedding is close to the task's. */
export class TaskAwareCompactionStrategy implements CompactionStrategy {
  readonly #embedder: Embedder;
  /** Unrelated texts have a cosine below 0.1 with the built-in embedder. */
  readonly #minSimilarity: number;

  constructor(embedder: Embedder, { minSimilarity = 0.15 }: { minSimilarity?: number } = {}) {
    this.#embedder = embedder;
    this.#minSimilarity = minSimilarity;
  }

  async compact(context: Context): Promise<Context> {
    // The latest user message, unless the metadata says otherwise.
    const task = context.metadata.currentTask;
    if (!task) return new RecentMessagesCompactionStrategy().compact(context);
    const contents = context.messages.map(({ content }) => content);
    const [wanted, ...vectors] = await this.#embedder.embed([task, ...contents]);
    const messages = context.messages.filter(
      ({ role }, index) => role === 'system' || dot(vectors[index]!, wanted!) >= this.#minSimilarity,
    );
    return { ...context, messages };
  }
}

/**
 * Spherical k-means (Dhillon and Modha 2001): the index of the vector nearest to the centre of each of `count` clusters.
 * It begins with the last vector and those farthest from all chosen before, so that equal input gives an equal answer.
 */
function representatives(vectors: readonly Float32Array[], count: number): number[] {
  if (vectors.length <= count) return [...vectors.keys()];
  let centres = [vectors.at(-1)!];
  while (centres.length < count) {
    centres.push(vectors[best(vectors, (one) => -Math.max(...centres.map((centre) => dot(one, centre))))]!);
  }
  let clusters: number[] = [];
  for (let round = 0; round < 20; round++) {
    const next = vectors.map((one) => best(centres, (centre) => dot(one, centre)));
    if (next.every((cluster, index) => cluster === clusters[index])) break;
    clusters = next;
    const members = (cluster: number) => vectors.filter((_, index) => clusters[index] === cluster);
    centres = centres.map((centre, cluster) => direction(members(cluster)) ?? centre);
  }
  const nearest = centres.map((centre, cluster) =>
    best(vectors, (one, index) => (clusters[index] === cluster ? dot(one, centre) : -Infinity)),
  );
  return [...new Set(nearest)];
}

function best<T>(items: readonly T[], score: (item: T, index: number) => number): number {
  const scores = items.map(score);
  return scores.indexOf(Math.max(...scores));
}

/** Where the vectors point together, as a vector of length 1; nowhere without any. */
function direction(vectors: readonly Float32Array[]): Float32Array | undefined {
  const [first] = vectors;
  if (!first) return undefined;
  const sum = first.map((_, axis) => vectors.reduce((total, vector) => total + vector[axis]!, 0));
  const length = Math.sqrt(dot(sum, sum));
  return length === 0 ? undefined : sum.map((value) => value / length);
}

/** The cosine, for vectors of length 1. */
function dot(one: Float32Array, other: Float32Array): number {
  return one.reduce((total, value, axis) => total + value * other[axis]!, 0);
}

async function customCompactionExample(): Promise<void> {
  // Step 1: create the strategies.
  const embedder = createHashEmbedder();
  const recent = new RecentMessagesCompactionStrategy({ keepLast: 15 });
  const strategies = [
    recent,
    new SemanticCompactionStrategy(embedder),
    new TaskAwareCompactionStrategy(embedder),
  ];

  // Step 2: create a context coordinator with one of them.
  const context = new ContextCoordinator({ compactionStrategy: recent });

  // Step 3: use it with an orchestrator. This model sees little, so that the conversation soon outgrows it.
  const orchestrator = new AgentOrchestrator({
    settings: settings({ contextWindow: 900, maxTokens: 200 }),
    provider: new ScriptedProvider({ script: conversation.map(({ answer }) => ({ text: answer })) }),
    model: 'claude-sonnet-4-5',
    tools: [],
    coordinators: { context },
  });

  // Step 4: have a long conversation. The context is compacted by itself when it passes the threshold.
  orchestrator.subscribe((event) => {
    if (event.type !== 'compaction') return;
    console.log(
      `By itself: ${event.before.messages} -> ${event.after.messages} messages (${event.strategy})`,
    );
  });
  for (const { question } of conversation) await orchestrator.chat(question);

  // What each strategy makes of the whole conversation.
  const messages = conversation.flatMap(({ question, answer }, index) => [
    { id: `question-${index}`, role: 'user' as const, content: question },
    { id: `answer-${index}`, role: 'assistant' as const, content: answer },
  ]);
  const whole: Context = { messages, metadata: { currentTask: conversation.at(-1)!.question } };
  console.log(`The whole conversation: ${messages.length} messages about ${topicsOf(messages)}`);
  for (const compactionStrategy of strategies) {
    const compacted = await new ContextCoordinator({ compactionStrategy }).compactContext(whole);
    const name = compactionStrategy.constructor.name;
    console.log(`${name}: ${compacted.messages.length} messages about ${topicsOf(compacted.messages)}`);
  }

  await orchestrator.close();
}

if (isMain(import.meta.filename)) await customCompactionExample();
