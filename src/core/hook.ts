import type { Coordinators } from './coordinator.js';
import type { EventBody } from './event.js';

/** When a hook may run, in the order of a session. */
export const hookNames = [
  'SessionStart',
  'UserPromptSubmit',
  'PreToolUse',
  'PostToolUse',
  'PreCompact',
  'Notification',
  'Stop',
  'SessionEnd',
] as const;
export type HookName = (typeof hookNames)[number];

/** Whose settings name it: a project's hook may refuse, and never allow. */
export type HookOrigin = 'user' | 'project';

/** What came of one run. `none`: it changed nothing. */
export type HookOutcome =
  | 'none'
  | 'blocked'
  | 'allowed'
  | 'asked'
  | 'changed'
  | 'context'
  | 'continued'
  | 'stopped'
  | 'failed';

/** One hook as it stands in this process. */
export interface HookStatus {
  readonly hook: HookName;
  readonly origin: HookOrigin;
  /** The file that names it, absolute. */
  readonly file: string;
  /** Which tools or reasons it is for; absent for all. */
  readonly matcher?: string;
  readonly command: string;
  readonly timeoutMs: number;
  /** `changed`: a file that it runs is not what the user confirmed, so that it does not run. */
  readonly state: 'ready' | 'changed';
  readonly last?: { readonly outcome: HookOutcome; readonly reason: string; readonly durationMs: number };
}

export interface HookedStep {
  readonly signal: AbortSignal;
  /** Why a hook ended it. */
  stopped(): string | undefined;
  end(): void;
}

/** Programs of the user's that are told what happens, and may have a say in it. */
export interface Hooks {
  /** Something to tell a session. */
  onEvent?: (event: EventBody, sessionId: string) => void;
  /** Real paths of the files that hooks of a project run: an edit of them asks in every mode. */
  readonly files: readonly string[];
  /** The coordinator with its hooks around it; the same one where it has none. `others` are asked only later. */
  decorate<Name extends keyof Coordinators>(
    name: Name,
    coordinator: Coordinators[Name],
    others: Coordinators,
  ): Coordinators[Name];
  /** A call begins that does not come out of the session's own loop: one of a subagent's. */
  callBegins(sessionId: string, callId: string): void;
  /** A call begins outside of any turn: the step of a workflow. Hooks may end it by this signal. */
  beginStep(sessionId: string, callId: string, signal: AbortSignal): HookedStep;
  list(): readonly HookStatus[];
  /** Tells the hooks that the sessions of this process end; bounded. */
  close(): Promise<void>;
}
