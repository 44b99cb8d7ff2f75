import { createHash } from 'node:crypto';
import type { Usage } from '../../src/core/usage.js';
import type { RecordedRequest } from './model-server-step.js';

type Counted = Pick<Usage, 'inputTokens' | 'cacheReadTokens' | 'cacheWriteTokens'>;

interface Block {
  readonly text: string;
  readonly isMarked: boolean;
}

/** Both providers: a prompt is kept this long after its last use, and a shorter one is not kept at all. */
const LIFETIME_MS = 5 * 60_000;
const LEAST_TOKENS = 1_024;
/** Messages API: how many blocks before a breakpoint a cached prefix is looked for. */
const LOOK_BACK = 20;
/** Chat Completions: the steps in which tokens are counted as cached. */
const STEP = 128;

/**
 * A provider's prompt cache as its documentation describes it, over the requests that really came: four characters a
 * token. The Messages API reads and writes at breakpoints; Chat Completions reads the longest common beginning.
 */
export class PromptCache {
  /** Milliseconds since 1970 of the last use, by the hash of a prefix. */
  readonly #prefixes = new Map<string, number>();
  #prompts: { readonly text: string; readonly usedAt: number }[] = [];

  /** What the provider says of this request's tokens; from now on the request is cached. */
  count(request: RecordedRequest, anthropic: boolean): Counted {
    return anthropic ? this.#countBlocks(request.body) : this.#countText(request.body);
  }

  /** Forgets everything, as a provider may at any time. */
  clear(): void {
    this.#prefixes.clear();
    this.#prompts = [];
  }

  #countBlocks(body: RecordedRequest['body']): Counted {
    const blocks = blocksOf(body);
    const hash = createHash('sha256').update(String(body.model));
    let characters = 0;
    const prefixes = blocks.map(({ text, isMarked }) => {
      hash.update(text);
      characters += text.length;
      return { id: hash.copy().digest('hex'), tokens: Math.ceil(characters / 4), isMarked };
    });
    const marked = [...prefixes.keys()].filter((at) => prefixes[at]!.isMarked);
    const isKept = (id: string) => Date.now() - (this.#prefixes.get(id) ?? 0) < LIFETIME_MS;
    const reachable = marked.flatMap((at) => prefixes.slice(Math.max(0, at - LOOK_BACK), at + 1));
    const found = reachable.filter(({ id }) => isKept(id)).map(({ tokens }) => tokens);
    const cacheReadTokens = Math.max(0, ...found);
    const toKeep = marked.map((at) => prefixes[at]!).filter(({ tokens }) => tokens >= LEAST_TOKENS);
    for (const { id } of toKeep) this.#prefixes.set(id, Date.now());
    const cacheWriteTokens = Math.max(0, ...toKeep.map(({ tokens }) => tokens - cacheReadTokens));
    const inputTokens = Math.ceil(characters / 4) - cacheReadTokens - cacheWriteTokens;
    return { inputTokens, cacheReadTokens, cacheWriteTokens };
  }

  #countText({ model, tools = [], messages }: RecordedRequest['body']): Counted {
    const text = [model, ...tools, ...messages].map((part) => JSON.stringify(part)).join('\n');
    const kept = this.#prompts.filter(({ usedAt }) => Date.now() - usedAt < LIFETIME_MS);
    const common = Math.max(0, ...kept.map((one) => commonLength(one.text, text)));
    this.#prompts = [...kept.slice(-7), { text, usedAt: Date.now() }];
    const tokens = Math.floor(common / 4 / STEP) * STEP;
    const cacheReadTokens = tokens >= LEAST_TOKENS ? tokens : 0;
    return {
      inputTokens: Math.ceil(text.length / 4) - cacheReadTokens,
      cacheReadTokens,
      cacheWriteTokens: 0,
    };
  }
}

/** Tools, system and messages in the order in which the API puts them together, each block with who speaks. */
function blocksOf({ tools = [], system = [], messages }: RecordedRequest['body']): Block[] {
  const block = (owner: string, { cache_control, ...rest }: Record<string, unknown>): Block => {
    return { text: `${owner} ${JSON.stringify(rest)}`, isMarked: cache_control !== undefined };
  };
  return [
    ...tools.map((tool: Record<string, unknown>) => block('tool', tool)),
    ...system.map((part: Record<string, unknown>) => block('system', part)),
    ...messages.flatMap((message: { role: string; content: Record<string, unknown>[] }) => {
      return message.content.map((part) => block(message.role, part));
    }),
  ];
}

function commonLength(one: string, other: string): number {
  let low = 0;
  let high = Math.min(one.length, other.length);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (one.startsWith(other.slice(low, middle), low)) low = middle;
    else high = middle - 1;
  }
  return low;
}
