import type * as contract from '../core/coordinator.js';
import type { Mode } from '../core/coordinator.js';
import type { Decision, Verdict } from '../core/decision.js';
import { LiveOptions, type RunningTurns } from '../core/live-options.js';
import type { Tool, ToolKind } from '../core/tool.js';

/** What each mode says to each kind of tool; `plan`: to a plan that a tool hands over, where that is more than its kind. */
type Verdicts = Readonly<Record<ToolKind, Verdict>> & { readonly plan?: Verdict };

/** The one table of modes. */
const verdicts: Readonly<Record<Mode, Verdicts>> = {
  ask: { read: 'allow', edit: 'ask', execute: 'ask' },
  'accept-edits': { read: 'allow', edit: 'allow', execute: 'ask' },
  plan: { read: 'allow', edit: 'deny', execute: 'deny', plan: 'ask' },
  'read-only': { read: 'allow', edit: 'deny', execute: 'deny' },
  yolo: { read: 'allow', edit: 'allow', execute: 'allow' },
};

const names: Readonly<Record<keyof Verdicts, string>> = {
  read: 'reading',
  edit: 'editing files',
  execute: 'running commands',
  plan: 'carrying out a plan',
};

export interface ModeCoordinatorOptions {
  readonly initial?: Mode;
}

/** Holds each session's mode. Modes refuse tools; they never remove them from what the model is offered. */
export class ModeCoordinator
  implements contract.ModeCoordinator, contract.Configurable<ModeCoordinatorOptions>
{
  readonly #options: LiveOptions<Required<ModeCoordinatorOptions>>;
  readonly #modes = new Map<string, Mode>();

  constructor(options: ModeCoordinatorOptions = {}) {
    this.#options = new LiveOptions({ initial: options.initial ?? 'ask' });
  }

  /** Sessions whose mode was set keep it. */
  configure(change: Partial<ModeCoordinatorOptions>, running?: RunningTurns): void {
    this.#options.configure(change, running);
  }

  current(sessionId?: string): Mode {
    const chosen = sessionId === undefined ? undefined : this.#modes.get(sessionId);
    return chosen ?? this.#options.of(sessionId).initial;
  }

  set(mode: Mode, sessionId?: string): void {
    if (sessionId === undefined) throw new TypeError('A mode is set for one session: pass its id.');
    this.#modes.set(sessionId, mode);
  }

  allows(tool: Pick<Tool, 'name' | 'kind' | 'plan'>, sessionId?: string): Decision {
    const mode = this.current(sessionId);
    const { plan } = tool.plan ? verdicts[mode] : {};
    const deed = plan ? 'plan' : tool.kind;
    const verdict = plan ?? verdicts[mode][tool.kind];
    const words = { allow: 'allows', ask: 'asks before', deny: 'refuses' }[verdict];
    return { verdict, reason: `Mode ${mode} ${words} ${names[deed]}.` };
  }
}
