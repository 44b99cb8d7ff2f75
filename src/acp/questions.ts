import type { PermissionOption, RequestPermissionRequest, ToolCallUpdate } from '@agentclientprotocol/sdk';
import type { Approval } from '../core/decision.js';
import type { ApprovalRequest } from '../orchestrator.js';

export interface QuestionsOptions {
  /** Asks the user of the editor, who may be gone. */
  readonly ask: (
    question: Omit<RequestPermissionRequest, 'sessionId'>,
    signal: AbortSignal,
  ) => Promise<string | undefined>;
  /** The call as the editor shows it, with what it would change. */
  readonly shown: (request: ApprovalRequest) => ToolCallUpdate;
  /** The user has answered. */
  readonly answered: (request: ApprovalRequest, approval: Approval) => void;
  readonly clean: (text: string) => string;
}

const refusal: Approval = { allowed: false, scope: 'once' };

/** Puts what has to be asked to the user of the editor; no answer, and any that was not offered, is a no. */
export class Questions {
  readonly #with: QuestionsOptions;

  constructor(options: QuestionsOptions) {
    this.#with = options;
  }

  readonly request = async (request: ApprovalRequest): Promise<Approval> => {
    const { ask, shown, answered, clean } = this.#with;
    const answers = answersTo(request);
    const options = answers.map(({ name, ...rest }): PermissionOption => {
      const { optionId, kind } = rest;
      return { optionId, kind, name: clean(name) };
    });
    const chosen = await ask({ toolCall: shown(request), options }, request.signal).catch(() => undefined);
    // The turn has ended, and the editor knows: a late answer is one to nothing.
    if (request.signal.aborted) return refusal;
    const approval = answers.find(({ optionId }) => optionId === chosen)?.approval ?? refusal;
    answered(request, approval);
    return approval;
  };
}

interface Answer extends PermissionOption {
  readonly approval: Approval;
}

const no: Answer = { optionId: 'reject', kind: 'reject_once', name: 'No', approval: refusal };

function answersTo(request: ApprovalRequest): readonly Answer[] {
  const { plan, question } = request.decision;
  if (question) return questionAnswers(question.options);
  return plan === undefined ? callAnswers(request) : planAnswers;
}

/** What the model offers, or the user's own words, for which an editor has no place but the next prompt. */
function questionAnswers(options: readonly string[]): readonly Answer[] {
  const offered = options.map((answer, index): Answer => {
    const approval: Approval = { allowed: true, scope: 'once', answer };
    return { optionId: `answer-${index + 1}`, kind: 'allow_once', name: answer, approval };
  });
  const feedback = 'I answer with my next message. End here and wait for it.';
  const later: Answer = {
    ...{ optionId: 'later', kind: 'reject_once', name: 'I answer in my next message' },
    approval: { ...refusal, feedback },
  };
  return [...offered, later];
}

/** A yes for once comes first: whoever answers without looking takes that. */
function callAnswers({ scopes, covers, behind = [] }: ApprovalRequest): readonly Answer[] {
  const yes: Answer = {
    ...{ optionId: 'once', kind: 'allow_once', name: 'Yes, this once' },
    approval: { allowed: true, scope: 'once' },
  };
  const together: Answer = {
    ...{ optionId: 'together', kind: 'allow_once', name: `Yes, and the ${behind.length} like it behind it` },
    approval: { allowed: true, scope: 'once', together: true },
  };
  const longer = (['session', 'project'] as const)
    .filter((scope) => scopes.includes(scope))
    .map((scope): Answer => {
      const when = scope === 'session' ? 'in this session' : 'in this project';
      return {
        ...{ optionId: scope, kind: 'allow_always', name: `Yes ${when}: ${covers?.[scope] ?? 'this'}` },
        approval: { allowed: true, scope },
      };
    });
  return [yes, ...(behind.length > 0 ? [together] : []), ...longer, no];
}

const planAnswers: readonly Answer[] = [
  {
    ...{ optionId: 'ask', kind: 'allow_once', name: 'Yes, and ask before each edit' },
    approval: { allowed: true, scope: 'once', mode: 'ask' },
  },
  {
    ...{ optionId: 'accept-edits', kind: 'allow_always', name: 'Yes, and make edits without asking' },
    approval: { allowed: true, scope: 'once', mode: 'accept-edits' },
  },
  { ...no, name: 'No, keep planning' },
];
