import { createBaseContributor } from '../contributors/base.js';
import { callExtension } from '../core/call-extension.js';
import type * as contract from '../core/coordinator.js';
import type {
  ExtensionFailure,
  PromptContext,
  PromptContribution,
  PromptContributor,
} from '../core/extension.js';

export interface PromptCoordinatorOptions {
  readonly contributors?: readonly PromptContributor[];
  /** Milliseconds one contributor may take; 5,000 when absent. */
  readonly timeoutMs?: number;
}

/** Builds the system prompt from contributions, highest priority first, joined by a blank line. */
export class PromptCoordinator implements contract.PromptCoordinator, contract.ReportsExtensionFailures {
  onExtensionFailure?: (failure: ExtensionFailure, sessionId?: string) => void;
  readonly #contributors: readonly PromptContributor[];
  readonly #timeoutMs: number;

  constructor(options: PromptCoordinatorOptions = {}) {
    const given = options.contributors ?? [];
    // The base prompt is there unless somebody brings their own `base`.
    const all = given.some((one) => one.name === 'base') ? given : [createBaseContributor(), ...given];
    this.#contributors = [...all].sort((a, b) => (b.priority ?? 50) - (a.priority ?? 50));
    this.#timeoutMs = options.timeoutMs ?? 5_000;
  }

  async buildSystemPrompt(context: PromptContext): Promise<string> {
    const view = Object.freeze({ ...context });
    const contributions = await Promise.all(this.#contributors.map((one) => this.#ask(one, view)));
    const sections = new Map<string, string>();
    contributions.forEach((contribution, index) => {
      if (contribution === undefined) return;
      const { section = `#${index}`, text } =
        typeof contribution === 'string' ? { text: contribution } : contribution;
      sections.set(section, text.trim());
    });
    return [...sections.values()].filter((text) => text !== '').join('\n\n');
  }

  #ask(contributor: PromptContributor, context: PromptContext): Promise<PromptContribution | undefined> {
    return callExtension<PromptContribution>(
      {
        kind: 'contributor',
        name: contributor.name ?? contributor.constructor.name,
        fallback: 'the prompt was built without it',
        timeoutMs: this.#timeoutMs,
        problem: (value) => (isContribution(value) ? undefined : `neither a string nor { section, text }`),
        report: (failure) => this.onExtensionFailure?.(failure, context.sessionId),
      },
      () => contributor.getContribution(context),
    );
  }
}

function isContribution(value: unknown): value is PromptContribution {
  if (typeof value === 'string') return true;
  if (typeof value !== 'object' || value === null) return false;
  const { section, text } = value as Record<string, unknown>;
  return typeof section === 'string' && typeof text === 'string';
}
