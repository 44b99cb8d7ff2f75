import { readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type * as contract from '../core/coordinator.js';
import type { Approval, Decision } from '../core/decision.js';
import { LiveOptions, type RunningTurns } from '../core/live-options.js';
import type { ToolCall } from '../core/message.js';
import { sessionOutputDirectory } from '../core/session-output-directory.js';
import type { Tool } from '../core/tool.js';
import { toolPaths } from '../core/tool-paths.js';
import { toolTitle } from '../core/tool-title.js';
import { untilAborted } from '../core/until-aborted.js';

export interface PermissionRules {
  /** Names of tools that run without asking. */
  readonly allow: readonly string[];
  readonly ask: readonly string[];
  readonly deny: readonly string[];
}

export interface ApprovalRequest {
  readonly call: ToolCall;
  /** The call in a few words: the whole command, the path. */
  readonly title: string;
  readonly decision: Decision;
  readonly sessionId: string;
  readonly signal: AbortSignal;
}

export interface PermissionCoordinatorOptions {
  readonly rules: PermissionRules;
  readonly modes: Pick<contract.ModeCoordinator, 'allows' | 'current'>;
  readonly findTool: (name: string, sessionId: string) => Tool | undefined;
  /** Absolute paths whose content may be read without asking; the first is where relative paths start. */
  readonly directories: readonly string[];
  /** Where tools keep what was too long to return; a session may read its own part of it. */
  readonly outputDirectory?: string;
  /** Asks the user; without it an `ask` is a refusal. */
  readonly onApproval?: ((request: ApprovalRequest) => Promise<Approval>) | undefined;
}

const nobodyToAsk: Approval = { allowed: false, scope: 'once' };

/** Decides one tool call: deny rules, then the mode's refusals, then ask rules and paths, then what allows. */
export class PermissionCoordinator
  implements contract.PermissionCoordinator, contract.Configurable<PermissionCoordinatorOptions>
{
  readonly #options: LiveOptions<PermissionCoordinatorOptions>;
  /** Read once: what the user chose is where it led then. */
  readonly #realRoots = new Map<string, string>();
  readonly #approved = new Map<string, Set<string>>();
  readonly #sessionRules = new Map<string, { ask: readonly string[]; deny: readonly string[] }>();

  constructor(options: PermissionCoordinatorOptions) {
    this.#options = new LiveOptions(options);
  }

  /** What the user allowed for a session stays allowed, unless a rule denies it now. */
  configure(change: Partial<PermissionCoordinatorOptions>, running?: RunningTurns): void {
    this.#options.configure(change, running);
  }

  restrict(
    rules: { readonly ask: readonly string[]; readonly deny: readonly string[] },
    sessionId: string,
  ): void {
    this.#sessionRules.set(sessionId, rules);
  }

  async decide(call: ToolCall, sessionId: string): Promise<Decision> {
    const tool = this.#options.of(sessionId).findTool(call.name, sessionId);
    // Nothing would run: the tool coordinator answers the model that there is no such tool.
    if (!tool) return { verdict: 'allow', reason: `There is no tool ${call.name}.` };
    const decision = this.#decide(tool, call, sessionId);
    const readable = decision.verdict === 'ask' && this.#mayRead(tool, call, sessionId);
    return readable ? { ...decision, readable: true } : decision;
  }

  #decide(tool: Tool, call: ToolCall, sessionId: string): Decision {
    const { rules, modes } = this.#options.of(sessionId);
    const session = this.#sessionRules.get(sessionId);
    if ([...rules.deny, ...(session?.deny ?? [])].includes(call.name)) {
      return { verdict: 'deny', reason: `A rule denies ${call.name}.`, rule: call.name };
    }
    const mode = modes.allows(tool, sessionId);
    if (mode.verdict === 'deny') return mode;
    if ([...rules.ask, ...(session?.ask ?? [])].includes(call.name)) {
      return this.#unlessApproved(call, sessionId, {
        verdict: 'ask',
        reason: `A rule asks before ${call.name}.`,
        rule: call.name,
      });
    }
    if (modes.current(sessionId) === 'yolo') return mode;
    const reason = this.#whyOutside(tool, call, sessionId);
    if (reason !== undefined) return this.#unlessApproved(call, sessionId, { verdict: 'ask', reason });
    if (rules.allow.includes(call.name)) {
      return { verdict: 'allow', reason: `A rule allows ${call.name}.`, rule: call.name };
    }
    return mode.verdict === 'ask' ? this.#unlessApproved(call, sessionId, mode) : mode;
  }

  async ask(call: ToolCall, decision: Decision, sessionId: string, signal: AbortSignal): Promise<Approval> {
    const { onApproval, findTool } = this.#options.of(sessionId);
    const tool = findTool(call.name, sessionId);
    if (!onApproval || !tool) return nobodyToAsk;
    const title = toolTitle(tool, call);
    const asked = (async () => onApproval({ call, title, decision, sessionId, signal }))();
    // An abort answers for a user who has not; so does a handler that fails or answers nonsense.
    const answer: Approval | undefined = await untilAborted(asked, signal).catch(() => undefined);
    const approval = answer?.allowed === true || answer?.feedback !== undefined ? answer : nobodyToAsk;
    if (approval.allowed && approval.scope === 'session') {
      const approved = this.#approved.get(sessionId) ?? new Set();
      this.#approved.set(sessionId, approved.add(this.#approvalKey(tool, call, sessionId)));
    }
    return approval;
  }

  /** What the call touches lies in the workspace, and no rule stands between the session and reading there. */
  #mayRead(tool: Tool, call: ToolCall, sessionId: string): boolean {
    const { rules, findTool } = this.#options.of(sessionId);
    const session = this.#sessionRules.get(sessionId);
    const tightened = [...rules.ask, ...rules.deny, ...(session?.ask ?? []), ...(session?.deny ?? [])];
    if (tightened.some((name) => findTool(name, sessionId)?.kind === 'read')) return false;
    return this.#whyOutside(tool, call, sessionId) === undefined;
  }

  #unlessApproved(call: ToolCall, sessionId: string, decision: Decision): Decision {
    const approved = this.#approved.get(sessionId);
    if (!approved) return decision;
    const tool = this.#options.of(sessionId).findTool(call.name, sessionId)!;
    if (!approved.has(this.#approvalKey(tool, call, sessionId))) return decision;
    return { verdict: 'allow', reason: 'You allowed this for the session.' };
  }

  /** What a session approval covers: exactly this command; edits inside the workspace; exactly this path outside. */
  #approvalKey(tool: Tool, call: ToolCall, sessionId: string): string {
    const outside = this.#whyOutside(tool, call, sessionId) !== undefined;
    if (tool.kind === 'execute' || outside) return `${tool.name}\n${toolTitle(tool, call)}`;
    return tool.name;
  }

  #realRoot(directory: string): string {
    let real = this.#realRoots.get(directory);
    if (real === undefined) {
      real = realPathOf(directory);
      this.#realRoots.set(directory, real);
    }
    return real;
  }

  /** Why a call leaves the workspace, or `undefined` when it does not. */
  #whyOutside(tool: Tool, call: ToolCall, sessionId: string): string | undefined {
    const paths = toolPaths(tool, call);
    if (!paths) return `Nobody can tell what ${tool.name} would touch.`;
    const { directories, outputDirectory } = this.#options.of(sessionId);
    const roots = directories.map((directory) => this.#realRoot(directory));
    for (const path of paths) {
      if (path.includes('\0')) continue; // The tool itself refuses it with a clear message.
      const real = realPathOf(resolve(directories[0]!, path));
      if (roots.some((root) => lies(real, root))) continue;
      // Looked up last, because it rarely exists, and finding that out takes longest.
      const own =
        tool.kind === 'read' && outputDirectory && sessionOutputDirectory(outputDirectory, sessionId);
      if (!own || !lies(real, realPathOf(own))) return `${real} is outside the workspace.`;
    }
    return undefined;
  }
}

function lies(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** Links followed until a chain counts as a loop, as Linux does. */
const MAX_LINKS = 40;

/**
 * The real path of what exists; for what does not, that of the nearest existing parent or of a dangling link's target.
 * Synchronous on purpose: the calls take microseconds, and a promise of each would cost more than the answer.
 */
function realPathOf(path: string, links = 0): string {
  try {
    return realpathSync.native(path);
  } catch {
    const target = linkTarget(path);
    if (target !== undefined && links < MAX_LINKS)
      return realPathOf(resolve(dirname(path), target), links + 1);
    const parent = dirname(path);
    return parent === path ? path : join(realPathOf(parent, links), basename(path));
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
