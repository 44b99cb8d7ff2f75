import { offeredDefinitions } from './chat/offered-definitions.js';
import { strategiesWithoutModel } from './compaction/index.js';
import type { Settings } from './config/schema.js';
import type { Coordinators } from './core/coordinator.js';
import type { ContextOutlook, ExplainsContext } from './core/explains.js';
import type { PromptContext } from './core/extension.js';
import type { Message } from './core/message.js';
import { estimateMessageTokens, estimateTextTokens, estimateTokens } from './core/tokens.js';

/** Something in the model's window. `tokens` are estimated. */
export interface ContextPart {
  readonly name: string;
  readonly tokens: number;
  /** Of how many messages, where it is made of messages. */
  readonly count?: number;
}

/** What fills the model's window, and when it would be made smaller. */
export interface ContextReport {
  /** Tokens. */
  readonly contextWindow: number;
  /** What the provider counted with the last request and its answer; absent before there was one. */
  readonly countedTokens?: number;
  /** Tokens kept free for the next answer. */
  readonly answerTokens: number;
  /** The stable system prompt by who said it, in its order. */
  readonly prompt: readonly ContextPart[];
  /** What is said anew with each turn; no part when nothing is. */
  readonly volatile: readonly ContextPart[];
  readonly tools: readonly ContextPart[];
  /** Messages by what they are. */
  readonly messages: readonly ContextPart[];
  readonly messageCount: number;
  /** Absent where the user's own coordinator decides that. */
  readonly outlook?: ContextOutlook & {
    /** What compacting now would leave; absent where a model would have to be asked. */
    readonly now?: { readonly messages: number; readonly tokens: number };
  };
}

export interface ContextReportOptions {
  readonly coordinators: Pick<Coordinators, 'context' | 'metrics' | 'mode' | 'prompt' | 'provider' | 'tool'>;
  readonly settings: Pick<Settings, 'maxTokens'>;
  readonly sessionId: string;
  readonly promptContext: PromptContext;
}

/** Looks at everything that the next request of a session would be made of. No model is asked. */
export async function contextReport(options: ContextReportOptions): Promise<ContextReport> {
  const { coordinators, settings, sessionId } = options;
  const current = coordinators.provider.current(sessionId);
  const { contextWindow } = current;
  const counted = coordinators.metrics.snapshot(sessionId).contextTokens;
  const { prompt, volatile } = await promptParts(options);
  const tools = offeredDefinitions(coordinators.tool, current, sessionId).map((definition) => ({
    name: definition.name,
    tokens: estimateTextTokens(JSON.stringify(definition)),
  }));
  const { messages } = coordinators.context.getContext(sessionId);
  const fixed = [...prompt, ...volatile, ...tools].reduce((sum, { tokens }) => sum + tokens, 0);
  const outlook = await outlookOf(options, contextWindow - settings.maxTokens - fixed);
  return {
    contextWindow,
    ...(counted > 0 && messages.length > 0 ? { countedTokens: counted } : {}),
    answerTokens: settings.maxTokens,
    prompt,
    volatile,
    tools,
    messages: messageParts(messages),
    messageCount: messages.length,
    ...(outlook ? { outlook } : {}),
  };
}

async function promptParts({ coordinators, sessionId, promptContext }: ContextReportOptions) {
  const { prompt, provider, mode } = coordinators;
  const { provider: name, model } = provider.current(sessionId);
  const context = {
    ...promptContext,
    sessionId,
    mode: mode.current(sessionId),
    provider: name,
    model,
  };
  const built = (await prompt.buildPrompt?.(context)) ?? {
    system: await prompt.buildSystemPrompt(context),
    volatile: '',
  };
  const parts = built.parts ?? [{ section: 'prompt', text: built.system }];
  const sized = (section: string, text: string) => ({ name: section, tokens: estimateTextTokens(text) });
  return {
    prompt: parts.map(({ section, text }) => sized(section, text)),
    volatile: built.volatile === '' ? [] : [sized('each turn', built.volatile)],
  };
}

async function outlookOf(
  { coordinators, sessionId }: ContextReportOptions,
  budgetTokens: number,
): Promise<ContextReport['outlook']> {
  const { context } = coordinators;
  const outlook = (context as ExplainsContext).outlook?.(sessionId, budgetTokens);
  if (!outlook) return undefined;
  if (!strategiesWithoutModel().some(({ name }) => name === outlook.strategy)) return outlook;
  const original = context.getContext(sessionId);
  const { messages } = await context.compactContext(original);
  // How far the estimate is off; no compaction touches that.
  const offset = outlook.tokens - estimateTokens(original.messages);
  const tokens = Math.max(0, estimateTokens(messages) + offset);
  return { ...outlook, now: { messages: messages.length, tokens } };
}

const kinds = ['your messages', 'summaries', 'answers', 'thinking', 'tool calls', 'tool results'] as const;
type Kind = (typeof kinds)[number] | 'system notes';

function messageParts(messages: readonly Message[]): ContextPart[] {
  const parts = new Map<string, { tokens: number; count: number }>();
  const add = (kind: Kind, tokens: number) => {
    const part = parts.get(kind) ?? { tokens: 0, count: 0 };
    parts.set(kind, { tokens: part.tokens + tokens, count: part.count + 1 });
  };
  for (const message of messages) {
    const whole = estimateMessageTokens(message);
    const thought = (message.thinking ?? []).reduce((sum, { text }) => sum + estimateTextTokens(text), 0);
    const called = (message.toolCalls ?? []).reduce((sum, call) => sum + callTokens(call), 0);
    if (thought > 0) add('thinking', thought);
    if (called > 0) add('tool calls', called);
    // A message that only calls has no words of its own.
    const rest = Math.max(0, whole - thought - called);
    if (message.role !== 'assistant' || message.content !== '') add(kindOf(message), rest);
  }
  return [...kinds, 'system notes'].flatMap((name) => {
    const part = parts.get(name);
    return part ? [{ name, ...part }] : [];
  });
}

function callTokens({ name, input }: { name: string; input: unknown }): number {
  return estimateTextTokens(name + JSON.stringify(input));
}

function kindOf({ role, summary }: Message): Kind {
  if (role === 'assistant') return 'answers';
  if (role === 'tool') return 'tool results';
  if (role === 'system') return 'system notes';
  return summary ? 'summaries' : 'your messages';
}
