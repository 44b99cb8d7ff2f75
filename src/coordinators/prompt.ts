import { createBaseContributor } from '../contributors/base.js';
import { callExtension } from '../core/call-extension.js';
import type * as contract from '../core/coordinator.js';
import { extensionName } from '../core/describe-failure.js';
import type {
  ExtensionFailure,
  PromptContext,
  PromptContribution,
  PromptContributor,
} from '../core/extension.js';
import { LiveOptions, type RunningTurns } from '../core/live-options.js';

export interface PromptCoordinatorOptions {
  readonly contributors?: readonly PromptContributor[];
  /** Milliseconds one contributor may take; 5,000 when absent. */
  readonly timeoutMs?: number;
}

/** Builds the prompt from contributions, highest priority first, joined by a blank line; what is volatile comes last. */
export class PromptCoordinator
  implements
    contract.PromptCoordinator,
    contract.Configurable<PromptCoordinatorOptions>,
    contract.ReportsExtensionFailures
{
  onExtensionFailure?: (failure: ExtensionFailure, sessionId?: string) => void;
  readonly #options: LiveOptions<Required<PromptCoordinatorOptions>>;
  /** Sessions that a contributor has let wait in vain. */
  readonly #hanging = new WeakMap<PromptContributor, Set<string | undefined>>();

  constructor(options: PromptCoordinatorOptions = {}) {
    const contributors = inOrder(options.contributors ?? []);
    this.#options = new LiveOptions({ contributors, timeoutMs: options.timeoutMs ?? 5_000 });
  }

  configure(change: Partial<PromptCoordinatorOptions>, running?: RunningTurns): void {
    const contributors = change.contributors && inOrder(change.contributors);
    this.#options.configure({ ...change, ...(contributors ? { contributors } : {}) }, running);
  }

  async buildSystemPrompt(context: PromptContext): Promise<string> {
    const { system, volatile } = await this.buildPrompt(context);
    return join([system, volatile]);
  }

  async buildPrompt(context: PromptContext): Promise<contract.Prompt> {
    const view = frozenCopy(context);
    const { contributors } = this.#options.of(context.sessionId);
    const contributions = await Promise.all(contributors.map((one) => this.#ask(one, view)));
    const sections = new Map<string, contract.PromptPart & { readonly volatile: boolean }>();
    contributions.forEach((contribution, index) => {
      if (contribution === undefined) return;
      const said: Exclude<PromptContribution, string> =
        typeof contribution === 'string' ? { text: contribution } : contribution;
      const contributor = extensionName(contributors[index]!);
      const { section = contributor, volatile = false, files = [] } = said;
      const from = files.length > 0 ? { files } : {};
      const part = { contributor, section, text: said.text.trim(), volatile, ...from };
      sections.set(said.section ?? `#${index}`, part);
    });
    const filled = [...sections.values()].filter(({ text }) => text !== '');
    const partsOf = (isVolatile: boolean) =>
      filled.filter(({ volatile }) => volatile === isVolatile).map(({ volatile, ...part }) => part);
    const [parts, volatileParts] = [partsOf(false), partsOf(true)];
    const joined = (some: readonly contract.PromptPart[]) => join(some.map(({ text }) => text));
    return { system: joined(parts), volatile: joined(volatileParts), parts, volatileParts };
  }

  /** What one contributor says. One that hangs is waited for once in a session, not before each call of the provider. */
  async #ask(
    contributor: PromptContributor,
    context: PromptContext,
  ): Promise<PromptContribution | undefined> {
    const { sessionId } = context;
    const hanging = this.#hanging.get(contributor) ?? new Set();
    this.#hanging.set(contributor, hanging);
    let waiting = true;
    const contribution = await callExtension<PromptContribution>(
      {
        kind: 'contributor',
        name: extensionName(contributor),
        fallback: 'the prompt was built without it',
        timeoutMs: this.#options.of(sessionId).timeoutMs,
        problem: (value) =>
          isContribution(value) ? undefined : 'neither a string nor { section, text, volatile }',
        report: (failure) => this.onExtensionFailure?.(failure, sessionId),
      },
      async () => {
        if (hanging.has(sessionId)) {
          waiting = false;
          throw new Error('has not answered the last time yet');
        }
        try {
          return await contributor.getContribution(context);
        } finally {
          waiting = false;
          hanging.delete(sessionId);
        }
      },
    );
    if (waiting) hanging.add(sessionId);
    return contribution;
  }
}

/** Highest priority first. The base prompt is there unless somebody brings their own `base`. */
function inOrder(given: readonly PromptContributor[]): readonly PromptContributor[] {
  const all = given.some((one) => one.name === 'base') ? given : [createBaseContributor(), ...given];
  return [...all].sort((a, b) => (b.priority ?? 50) - (a.priority ?? 50));
}

/** Empty texts are dropped, the others joined by a blank line. */
function join(texts: readonly string[]): string {
  return texts
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .join('\n\n');
}

function isContribution(value: unknown): value is PromptContribution {
  if (typeof value === 'string') return true;
  if (typeof value !== 'object' || value === null) return false;
  const { section, text, volatile, files } = value as Record<string, unknown>;
  if (section !== undefined && typeof section !== 'string') return false;
  if (files !== undefined && !(Array.isArray(files) && files.every((file) => typeof file === 'string')))
    return false;
  return typeof text === 'string' && (volatile === undefined || typeof volatile === 'boolean');
}

/** Lists and plain objects are copied, so that no contributor changes what belongs to the caller or the next one. */
function frozenCopy<T>(value: T, copies = new Map<unknown, unknown>()): T {
  if (typeof value !== 'object' || value === null) return value;
  if (copies.has(value)) return copies.get(value) as T;
  const isList = Array.isArray(value);
  if (!isList && ![Object.prototype, null].includes(Object.getPrototypeOf(value))) return value;
  const copy: Record<string, unknown> = isList ? ([] as never) : {};
  copies.set(value, copy);
  for (const [key, part] of Object.entries(value)) copy[key] = frozenCopy(part, copies);
  return Object.freeze(copy) as T;
}
