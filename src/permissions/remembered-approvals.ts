import type { ApprovalStore, ProjectApproval } from '../core/approval-store.js';
import type { Approval, Decision } from '../core/decision.js';
import { messageOf } from '../core/describe-failure.js';
import type { Covered, SessionApproval } from './approval-key.js';
import { createMemoryApprovals } from './memory-approvals.js';

type Scope = Approval['scope'];

interface Remembered {
  readonly scope: Scope;
  /** Why it could not be kept for the project. */
  readonly failure?: string;
}

const reasons = {
  session: 'You allowed this for the session.',
  project: 'You allowed this for every session in this folder.',
} as const;

/** What the user allowed for longer than one call. A rule that asks is answered for a session, never for a project. */
export class RememberedApprovals {
  readonly #sessions = new Map<string, Map<string, SessionApproval>>();
  readonly #project: ApprovalStore;

  /** Without a store, what is allowed for the project holds as long as this object. */
  constructor(project: ApprovalStore = createMemoryApprovals()) {
    this.#project = project;
  }

  /** What the user said before, where the answer to this question is among it. */
  answer({ session, project }: Covered, asking: Decision, sessionId: string): Decision | undefined {
    if (session !== undefined && this.#sessions.get(sessionId)?.has(session)) return allowed('session');
    if (project !== undefined && asking.rule === undefined && this.#holds(project.key))
      return allowed('project');
    return undefined;
  }

  /** How long an approval may hold, shortest first. */
  scopes({ session, project }: Covered, asking: Decision): readonly Scope[] {
    if (session === undefined || asking.onlyOnce) return ['once'];
    return project === undefined || asking.rule !== undefined
      ? ['once', 'session']
      : ['once', 'session', 'project'];
  }

  /** Remembers as far as it may, and answers for how long it holds then. */
  remember(
    scope: Scope,
    { session, project, shown }: Covered,
    asking: Decision,
    sessionId: string,
  ): Remembered {
    // Whoever answers is another program; what it says beyond its contract is no word of the user's.
    if ((scope !== 'session' && scope !== 'project') || session === undefined || asking.onlyOnce)
      return { scope: 'once' };
    const kept = scope === 'project' && asking.rule === undefined && project ? this.#keep(project) : 'no';
    if (kept === 'yes') return { scope: 'project' };
    const approved = this.#sessions.get(sessionId) ?? new Map();
    this.#sessions.set(sessionId, approved.set(session, shown));
    return kept === 'no' ? { scope: 'session' } : { scope: 'session', failure: kept.failure };
  }

  /** What holds for one session, in the order it was allowed. */
  ofSession(sessionId: string): readonly SessionApproval[] {
    return [...(this.#sessions.get(sessionId)?.values() ?? [])];
  }

  #keep(approval: ProjectApproval): 'yes' | { readonly failure: string } {
    try {
      this.#project.add(approval);
      return 'yes';
    } catch (error) {
      return { failure: messageOf(error) };
    }
  }

  #holds(key: string): boolean {
    try {
      return this.#project.has(key) === true;
    } catch {
      return false;
    }
  }
}

function allowed(scope: keyof typeof reasons): Decision {
  return { verdict: 'allow', reason: reasons[scope] };
}
