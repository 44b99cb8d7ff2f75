import { callExtension } from '../core/call-extension.js';
import type * as contract from '../core/coordinator.js';
import type { Selection } from '../core/decision.js';
import type {
  ExtensionFailure,
  ToolDescriptor,
  ToolScore,
  ToolSelectionStrategy,
} from '../core/extension.js';
import { LiveOptions, type RunningTurns } from '../core/live-options.js';
import type { Tool } from '../core/tool.js';
import { createHybridStrategy } from '../selection/hybrid.js';
import { createKeywordStrategy } from '../selection/keyword.js';

export interface ToolSelectionCoordinatorOptions {
  /** `hybrid` when absent. */
  readonly strategy?: ToolSelectionStrategy;
  /** Tools offered at most in a session's first epoch; 40 when absent. While all tools fit, all are offered. */
  readonly maxTools?: number;
  /** Milliseconds the strategy may take; 2,000 when absent. */
  readonly timeoutMs?: number;
}

interface Session {
  offered: string[];
  epoch: number;
  /** Failed in this session; keyword serves instead until another strategy comes. */
  failed?: ToolSelectionStrategy;
  ranked?: Ranked;
}

interface Ranked {
  readonly text: string;
  readonly tools: readonly Tool[];
  /** The strategy that was asked; another one may have served. */
  readonly asked: ToolSelectionStrategy;
  readonly ranking: contract.ToolRanking;
}

/** How many tools one later epoch adds at most, and how many epochs a session may have: each costs a prompt cache. */
const TOOLS_PER_EPOCH = 10;
const MAX_EPOCHS = 3;
/** A tool that was not offered yet must score this much of the best to open a new epoch. */
const NEW_EPOCH_SCORE = 0.8;
/** What is read of a long request, half at its beginning and half at its end, where people say what they want. */
const REQUEST_CHARACTERS = 10_000;

/**
 * Chooses the tools a session offers. The order never changes and the list only grows at its end, because
 * tools come first in a prompt: to reorder or remove one would throw away everything a provider has cached.
 */
export class ToolSelectionCoordinator
  implements
    contract.ToolSelectionCoordinator,
    contract.Configurable<ToolSelectionCoordinatorOptions>,
    contract.ReportsExtensionFailures
{
  onExtensionFailure?: (failure: ExtensionFailure, sessionId?: string) => void;
  readonly #options: LiveOptions<Required<ToolSelectionCoordinatorOptions>>;
  readonly #fallback = createKeywordStrategy();
  readonly #sessions = new Map<string, Session>();

  constructor(options: ToolSelectionCoordinatorOptions = {}) {
    const { strategy = createHybridStrategy(), maxTools = 40, timeoutMs = 2_000 } = options;
    this.#options = new LiveOptions({ strategy, maxTools, timeoutMs });
  }

  configure(change: Partial<ToolSelectionCoordinatorOptions>, running?: RunningTurns): void {
    this.#options.configure(change, running);
  }

  async select(request: contract.SelectionRequest): Promise<Selection> {
    const { tools } = request;
    const { strategy, maxTools } = this.#options.of(request.sessionId);
    const session = this.#session(request.sessionId);
    const isNew = session.offered.length === 0;
    const known = new Set(tools.map(({ name }) => name));
    session.offered = session.offered.filter((name) => known.has(name));
    if (tools.length <= maxTools) {
      const added = grow(session, [...known]);
      if (added.length > 0 && !isNew) session.epoch += 1;
      const reason = `All ${tools.length} tools fit.`;
      return selectionOf(session, { strategy: nameOf(strategy), scores: [] }, reason);
    }
    const ranking = await this.#ranking(session, request);
    const added = grow(
      session,
      isNew ? firstOffer(tools, ranking, maxTools) : worthAdding(session, tools, ranking),
    );
    if (added.length > 0) session.epoch += 1;
    return selectionOf(session, ranking, reasonOf(isNew, added, tools));
  }

  /** Scores every tool against the request, also while all fit; what the session offers stays as it is. */
  rank(request: contract.SelectionRequest): Promise<contract.ToolRanking> {
    return this.#ranking(this.#session(request.sessionId), request);
  }

  #session(id: string): Session {
    const session = this.#sessions.get(id) ?? { offered: [], epoch: 0 };
    this.#sessions.set(id, session);
    return session;
  }

  /** One turn asks once for each of its requests to the model; the answer is the same as long as nothing changed. */
  async #ranking(session: Session, request: contract.SelectionRequest): Promise<contract.ToolRanking> {
    const { text, tools } = request;
    const { strategy } = this.#options.of(request.sessionId);
    const last = session.ranked;
    const same = last?.text === text && last.asked === strategy && sameTools(last.tools, tools);
    if (!same) {
      const ranking = await this.#rank(session, request);
      session.ranked = { text, tools: [...tools], asked: strategy, ranking };
    }
    return session.ranked!.ranking;
  }

  async #rank(session: Session, request: contract.SelectionRequest): Promise<contract.ToolRanking> {
    const { strategy, timeoutMs } = this.#options.of(request.sessionId);
    const text = shortened(request.text);
    const tools = Object.freeze(request.tools.map(describeTool));
    const own =
      session.failed === strategy
        ? undefined
        : await callExtension<readonly ToolScore[]>(
            {
              kind: 'tool-selection',
              name: nameOf(strategy),
              fallback: 'keyword selection for the rest of the session',
              timeoutMs,
              problem: (scores) => problemOf(scores, tools),
              report: (failure) => this.onExtensionFailure?.(failure, request.sessionId),
            },
            async () => copyOf(await strategy.score(text, tools)),
          );
    if (own === undefined) session.failed = strategy;
    const scores = own ?? (await this.#fallback.score(text, tools));
    const order = new Map(tools.map(({ name }, index) => [name, index]));
    return {
      strategy: nameOf(own ? strategy : this.#fallback),
      scores: [...scores].sort((a, b) => b.score - a.score || order.get(a.name)! - order.get(b.name)!),
    };
  }
}

/** Core tools whatever they score, then the best, in the order in which tools are listed. */
function firstOffer(tools: readonly Tool[], { scores }: contract.ToolRanking, maxTools: number): string[] {
  const core = new Set(coreNames(tools));
  const room = Math.max(0, maxTools - core.size);
  const best = scores.filter(({ name }) => !core.has(name)).slice(0, room);
  const chosen = new Set([...core, ...best.map(({ name }) => name)]);
  return tools.map(({ name }) => name).filter((name) => chosen.has(name));
}

/** Core tools that came since, and what the request asks for more than for what is offered already. */
function worthAdding(session: Session, tools: readonly Tool[], { scores }: contract.ToolRanking): string[] {
  if (session.epoch >= MAX_EPOCHS) return coreNames(tools);
  const asked = scores.slice(0, TOOLS_PER_EPOCH).filter(({ score }) => score >= NEW_EPOCH_SCORE);
  return [...coreNames(tools), ...asked.map(({ name }) => name)];
}

function coreNames(tools: readonly Tool[]): string[] {
  return tools.filter(({ core }) => core).map(({ name }) => name);
}

/** Adds what is not offered yet at the end, and says what that was. */
function grow(session: Session, names: readonly string[]): string[] {
  const offered = new Set(session.offered);
  const added = names.filter((name) => !offered.has(name));
  session.offered.push(...added);
  return added;
}

function selectionOf(session: Session, ranking: contract.ToolRanking, reason: string): Selection {
  return { offered: [...session.offered], ...ranking, epoch: session.epoch, reason };
}

function reasonOf(isNew: boolean, added: readonly string[], tools: readonly Tool[]): string {
  if (isNew) return `Core tools and the best of ${tools.length} for the first request.`;
  if (added.length > 0) return `Added ${added.join(', ')}: the request asks for them.`;
  return 'Nothing new was worth giving up the prompt cache.';
}

function sameTools(some: readonly Tool[], others: readonly Tool[]): boolean {
  return some.length === others.length && some.every((tool, index) => tool === others[index]);
}

function shortened(text: string): string {
  if (text.length <= REQUEST_CHARACTERS) return text;
  const half = REQUEST_CHARACTERS / 2;
  return `${text.slice(0, half)}\n${text.slice(-half)}`;
}

/** What a selection strategy gets to know of a tool. Frozen, because strategies may be anybody's code. */
export function describeTool(tool: Tool): ToolDescriptor {
  const shape = (tool.schema as { shape?: Record<string, unknown> }).shape ?? {};
  return Object.freeze({
    name: tool.name,
    description: tool.description,
    keywords: Object.freeze([...(tool.keywords ?? [])]),
    parameters: Object.freeze(Object.keys(shape)),
  });
}

function nameOf(strategy: ToolSelectionStrategy): string {
  return strategy.name ?? strategy.constructor?.name ?? 'custom';
}

/** Plain values, so that an answer cannot change after it was checked. */
function copyOf(scores: readonly ToolScore[]): readonly ToolScore[] {
  if (!Array.isArray(scores)) return scores;
  return scores.map((one) => ({ name: one?.name, score: one?.score, reason: String(one?.reason ?? '') }));
}

function problemOf(scores: readonly ToolScore[], tools: readonly ToolDescriptor[]): string | undefined {
  const names = new Set(tools.map(({ name }) => name));
  if (!Array.isArray(scores) || scores.length !== names.size) return 'no list of one score per tool';
  if (!scores.every(({ name }) => names.delete(name))) return 'no list of one score per tool';
  const wrong = scores.find(({ score }) => !(typeof score === 'number' && score >= 0 && score <= 1));
  return wrong && `the score ${String(wrong.score)} for ${wrong.name}, which is not from 0 to 1`;
}
