import { callExtension } from '../core/call-extension.js';
import type * as contract from '../core/coordinator.js';
import type { Selection } from '../core/decision.js';
import type {
  ExtensionFailure,
  ToolDescriptor,
  ToolScore,
  ToolSelectionStrategy,
} from '../core/extension.js';
import type { Tool } from '../core/tool.js';
import { createKeywordStrategy } from '../selection/keyword.js';

export interface ToolSelectionCoordinatorOptions {
  readonly strategy?: ToolSelectionStrategy;
  /** Tools offered at most in a session's first epoch; 40 when absent. While all tools fit, all are offered. */
  readonly maxTools?: number;
  /** Milliseconds the strategy may take; 2,000 when absent. */
  readonly timeoutMs?: number;
}

interface Offered {
  readonly names: string[];
  epoch: number;
}

/** How many tools one later epoch adds at most, and how many epochs a session may have: each costs a prompt cache. */
const TOOLS_PER_EPOCH = 10;
const MAX_EPOCHS = 3;
/** A tool that was not offered yet must score this much of the best to open a new epoch. */
const NEW_EPOCH_SCORE = 0.8;

/**
 * Chooses the tools a session offers. The order never changes and the list only grows at its end, because
 * tools come first in a prompt: to reorder or remove one would throw away everything a provider has cached.
 */
export class ToolSelectionCoordinator
  implements contract.ToolSelectionCoordinator, contract.ReportsExtensionFailures
{
  onExtensionFailure?: (failure: ExtensionFailure, sessionId?: string) => void;
  readonly #strategy: ToolSelectionStrategy;
  readonly #fallback = createKeywordStrategy();
  readonly #maxTools: number;
  readonly #timeoutMs: number;
  readonly #offered = new Map<string, Offered>();

  constructor(options: ToolSelectionCoordinatorOptions = {}) {
    this.#strategy = options.strategy ?? this.#fallback;
    this.#maxTools = options.maxTools ?? 40;
    this.#timeoutMs = options.timeoutMs ?? 2_000;
  }

  async select(request: contract.SelectionRequest): Promise<Selection> {
    const { tools, sessionId } = request;
    const strategy = strategyName(this.#strategy);
    if (tools.length <= this.#maxTools) {
      const offered = tools.map((tool) => tool.name);
      return { offered, strategy, scores: [], epoch: 0, reason: `All ${tools.length} tools fit.` };
    }
    const scores = await this.#score(request);
    let session = this.#offered.get(sessionId);
    let reason: string;
    if (!session) {
      session = { names: this.#firstOffer(tools, scores), epoch: 1 };
      this.#offered.set(sessionId, session);
      reason = `Core tools and the best of ${tools.length} for the first request.`;
    } else {
      const added = this.#worthAdding(session, scores);
      if (added.length > 0) {
        session.names.push(...added);
        session.epoch += 1;
        reason = `Added ${added.join(', ')}: the request asks for them.`;
      } else {
        reason = 'Nothing new was worth giving up the prompt cache.';
      }
    }
    return { offered: [...session.names], strategy, scores, epoch: session.epoch, reason };
  }

  #firstOffer(tools: readonly Tool[], scores: readonly ToolScore[]): string[] {
    const core = tools.filter((tool) => tool.core).map((tool) => tool.name);
    const room = Math.max(0, this.#maxTools - core.length);
    const ranked = scores.filter(({ name }) => !core.includes(name)).slice(0, room);
    const chosen = new Set([...core, ...ranked.map(({ name }) => name)]);
    return tools.filter((tool) => chosen.has(tool.name)).map((tool) => tool.name);
  }

  #worthAdding(session: Offered, scores: readonly ToolScore[]): string[] {
    if (session.epoch >= MAX_EPOCHS) return [];
    const known = new Set(session.names);
    return scores
      .slice(0, TOOLS_PER_EPOCH)
      .filter(({ name, score }) => !known.has(name) && score >= NEW_EPOCH_SCORE)
      .map(({ name }) => name);
  }

  async #score({ text, tools, sessionId }: contract.SelectionRequest): Promise<readonly ToolScore[]> {
    const descriptors = tools.map(describeTool);
    const scores =
      (await callExtension<readonly ToolScore[]>(
        {
          kind: 'tool-selection',
          name: strategyName(this.#strategy),
          fallback: 'keyword selection',
          timeoutMs: this.#timeoutMs,
          problem: (value) => (isScores(value, descriptors) ? undefined : 'no list of one score per tool'),
          report: (failure) => this.onExtensionFailure?.(failure, sessionId),
        },
        () => this.#strategy.score(text, descriptors),
      )) ?? (await this.#fallback.score(text, descriptors));
    const order = new Map(descriptors.map(({ name }, index) => [name, index]));
    return [...scores].sort((a, b) => b.score - a.score || order.get(a.name)! - order.get(b.name)!);
  }
}

/** What a selection strategy gets to know of a tool. */
export function describeTool(tool: Tool): ToolDescriptor {
  const shape = (tool.schema as { shape?: Record<string, unknown> }).shape ?? {};
  return Object.freeze({
    name: tool.name,
    description: tool.description,
    keywords: tool.keywords ?? [],
    parameters: Object.keys(shape),
  });
}

function strategyName(strategy: ToolSelectionStrategy): string {
  return strategy.name ?? strategy.constructor.name;
}

function isScores(value: unknown, tools: readonly ToolDescriptor[]): boolean {
  if (!Array.isArray(value) || value.length !== tools.length) return false;
  const names = new Set(tools.map(({ name }) => name));
  return value.every((one) => names.delete(one?.name) && Number.isFinite(one.score));
}
