import type * as contract from '../core/coordinator.js';
import type { Selection } from '../core/decision.js';
import type { ExtensionFailure, ToolSelectionStrategy } from '../core/extension.js';
import { LiveOptions, type RunningTurns } from '../core/live-options.js';
import { shortened } from '../core/shortened.js';
import type { Tool } from '../core/tool.js';
import { checkedScores } from '../selection/checked-scores.js';
import { describeTool } from '../selection/describe-tool.js';
import { createHybridStrategy } from '../selection/hybrid.js';
import { createKeywordStrategy } from '../selection/keyword.js';
import { finderName } from '../tools/find-tools.js';

export const SELECTION_TIMEOUT_MS = 2_000;

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
  /** What the model asked for, until it is offered. */
  found: string[];
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
/** The model's own questions may open more: without the tool it asks for it cannot go on. */
const MAX_ASKED_EPOCHS = 10;
/** How many tools one question adds at most, and what they must score of the best. */
const FOUND_TOOLS = 5;
const FOUND_SCORE = 0.5;
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
    const { strategy = createHybridStrategy(), maxTools = 40, timeoutMs = SELECTION_TIMEOUT_MS } = options;
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
    const found = grow(
      session,
      session.found.splice(0).filter((name) => known.has(name)),
    );
    const added = grow(
      session,
      isNew ? firstOffer(tools, ranking, maxTools) : worthAdding(session, tools, ranking),
    );
    if (found.length + added.length > 0) session.epoch += 1;
    return selectionOf(session, ranking, reasonOf(isNew, { found, added }, tools));
  }

  leavesOut(tools: number, sessionId?: string): boolean {
    return tools > this.#options.of(sessionId).maxTools;
  }

  async find(request: contract.SelectionRequest): Promise<contract.FoundTools> {
    const session = this.#session(request.sessionId);
    const { scores } = await this.#rank(session, request);
    const least = FOUND_SCORE * (scores[0]?.score ?? 0);
    const best = scores.filter(({ score }) => score > 0 && score >= least).slice(0, FOUND_TOOLS);
    const offered = new Set(session.offered);
    const full = session.epoch >= MAX_ASKED_EPOCHS;
    const names = full ? [] : best.map(({ name }) => name).filter((name) => !offered.has(name));
    session.found.push(...names);
    return {
      added: names.flatMap((name) => request.tools.find((tool) => tool.name === name) ?? []),
      known: best.map(({ name }) => name).filter((name) => offered.has(name)),
      full,
    };
  }

  /** Scores every tool against the request, also while all fit; what the session offers stays as it is. */
  rank(request: contract.SelectionRequest): Promise<contract.ToolRanking> {
    return this.#ranking(this.#session(request.sessionId), request);
  }

  #session(id: string): Session {
    const session = this.#sessions.get(id) ?? { offered: [], found: [], epoch: 0 };
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
    const text = shortened(request.text, REQUEST_CHARACTERS);
    const tools = Object.freeze(request.tools.map(describeTool));
    const own =
      session.failed === strategy
        ? undefined
        : await checkedScores(strategy, text, tools, {
            timeoutMs,
            fallback: 'keyword selection for the rest of the session',
            report: (failure) => this.onExtensionFailure?.(failure, request.sessionId),
          });
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
  // What finds the others takes no place of theirs.
  const counted = [...core].filter((name) => name !== finderName).length;
  const room = Math.max(0, maxTools - counted);
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

function reasonOf(
  isNew: boolean,
  { found, added }: { readonly found: readonly string[]; readonly added: readonly string[] },
  tools: readonly Tool[],
): string {
  if (isNew) return `Core tools and the best of ${tools.length} for the first request.`;
  const parts = [
    ...(found.length > 0 ? [`Added ${found.join(', ')}: the model asked for them.`] : []),
    ...(added.length > 0 ? [`Added ${added.join(', ')}: the request asks for them.`] : []),
  ];
  return parts.join(' ') || 'Nothing new was worth giving up the prompt cache.';
}

function sameTools(some: readonly Tool[], others: readonly Tool[]): boolean {
  return some.length === others.length && some.every((tool, index) => tool === others[index]);
}

function nameOf(strategy: ToolSelectionStrategy): string {
  return strategy.name ?? strategy.constructor?.name ?? 'custom';
}
