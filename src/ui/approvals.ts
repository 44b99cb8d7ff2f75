import type { Approval } from '../core/decision.js';
import { append, approvalAnswered, type BlockBody } from '../state.js';
import { batchDetails } from './approval-details.js';
import type { Answer, AnswerChoice, QuestionKind } from './approval-keys.js';
import { approvalFits } from './approval-rows.js';
import { mostOutputLines } from './components/output-block.js';
import { frameBudget } from './frame.js';
import { type InputAction, type InputState, initialInput, reduceInput, textOf } from './input-state.js';
import { questionDetails } from './question-details.js';
import type { ApprovalPrompt } from './screen.js';
import type { ScreenStore } from './screen-store.js';
import type { ApprovalQueue, ApprovalRequest } from './session-port.js';
import { plainText } from './spans.js';

export interface Approvals {
  /** A question is on the screen. */
  readonly open: boolean;
  readonly kind: QuestionKind;
  /** What else its keys depend on. */
  readonly choice: AnswerChoice;
  /** What the user wants instead, while it is being written. */
  readonly entry: InputState | undefined;
  /** Which question it is: another object for each. */
  readonly question: unknown;
  /** A key was pressed while it is open. */
  touched(): void;
  /** Whether a key may answer now: the question can have been read, and nobody is in the middle of writing something else. */
  heeds(): boolean;
  /** Somebody writes on while the question is open. */
  typedInto(): void;
  /** Answers, or begins to write an answer, unless the question appeared so recently that the key was meant for something else. */
  answer(how: Answer): void;
  edit(actions: readonly InputAction[]): void;
  /** Refuses with what was written. */
  send(): void;
  /** Leaves what was written and shows the keys again. */
  back(): void;
  /** Closes a question that no turn waits for; `false` for any other. */
  takeBack(): boolean;
  close(): void;
}

/**
 * Keys this soon after a question appeared were typed before it could be read. Letters that are no answer start this time
 * anew, however long the question has been there: of somebody who writes without looking, some letter is a `y`. That is
 * the safer of two wishes, because a `y` meant as an answer right behind such a letter has to be pressed again. Keys that write
 * nothing, arrows for example, start nothing anew.
 */
const graceMs = 500;

/** Shows the oldest question of the queue, its whole call or plan included, and takes the answer. */
export function createApprovals(queue: ApprovalQueue, store: ScreenStore): Approvals {
  let shown: ApprovalRequest | undefined;
  let shownAt = 0;

  function show(): void {
    const request = queue.current();
    const waiting = Math.max(0, queue.waiting - 1);
    if (request === shown) {
      const { approval } = store.screen;
      if (approval && approval.waiting !== waiting) {
        store.update({ approval: { ...approval, waiting } }, 'now');
      }
      return;
    }
    // No event says that a question was answered, and the tool may run for long before the next one comes.
    if (shown)
      store.update({ state: approvalAnswered(store.screen.state, shown.call.id, Date.now()) }, 'now');
    shown = request;
    if (!request) {
      store.update({ approval: undefined }, 'now');
      return;
    }
    shownAt = performance.now();
    const { call, title, decision } = request;
    const { plan, question } = decision;
    const { columns, rows, state } = store.screen;
    const change = state.approvals.find(({ callId }) => callId === call.id)?.change;
    const details = question
      ? questionDetails(question)
      : plan === undefined
        ? batchDetails(request, change)
        : [];
    const said = {
      name: call.name,
      title,
      reason: decision.reason,
      covers: request.covers,
      details,
      waiting,
    };
    const asked = { ...said, kind: kindOf(request), ...choiceOf(request), entry: undefined };
    const printed = plan !== undefined || !approvalFits(asked, columns, frameBudget(rows));
    const whole = printed ? wholeBlocks(request, details) : [];
    const approval = { ...asked, printed };
    store.update({ approval, state: whole.reduce(append, state) }, 'now');
  }

  /** Prints what a window that has become smaller no longer shows; `false` where nothing is missing. */
  function printMissing(): boolean {
    const { approval, columns, rows, state } = store.screen;
    if (!shown || !approval || approval.printed) return false;
    if (approvalFits(approval, columns, frameBudget(rows))) return false;
    const whole = wholeBlocks(shown, approval.details);
    store.update({ approval: { ...approval, printed: true }, state: whole.reduce(append, state) }, 'now');
    shownAt = performance.now();
    return true;
  }

  /** Keys that come too early were meant for something else. */
  const early = () => performance.now() - Math.max(shownAt, store.heldUntil) < graceMs;
  const settle = (approval: Approval) => {
    if (shown) queue.answer(shown, approval);
  };
  const setEntry = (entry: InputState | undefined) => {
    const { approval } = store.screen;
    if (approval) store.update({ approval: { ...approval, entry } }, 'now');
  };

  const unsubscribe = queue.subscribe(show);
  show();
  return {
    get open() {
      return shown !== undefined;
    },
    get kind() {
      return shown ? kindOf(shown) : 'call';
    },
    get choice() {
      return shown ? choiceOf(shown) : {};
    },
    get entry() {
      return store.screen.approval?.entry;
    },
    get question() {
      return shown;
    },
    touched: () => shown?.onKey?.(),
    heeds: () => !early(),
    typedInto() {
      shownAt = performance.now();
    },
    answer(how) {
      if (early()) return;
      if (how === 'write') {
        // What else was typed in one go with the key must not be sent: Enter waits as long as the first key did.
        shownAt = performance.now();
        setEntry(initialInput());
        return;
      }
      // Nobody says yes to what they cannot see whole.
      if (how === 'no' || !printMissing()) settle(approvalOf(how, shown));
    },
    edit(actions) {
      const { entry } = store.screen.approval ?? {};
      if (entry) setEntry(actions.reduce(reduceInput, entry));
    },
    send() {
      const { entry } = store.screen.approval ?? {};
      const feedback = entry ? textOf(entry).trim() : '';
      if (feedback === '' || early()) return;
      const isAnswer = shown?.decision.question !== undefined;
      settle(
        isAnswer
          ? { allowed: true, scope: 'once', answer: feedback }
          : { allowed: false, scope: 'once', feedback },
      );
    },
    back() {
      // What is typed on may not become an answer.
      shownAt = performance.now();
      setEntry(undefined);
    },
    takeBack() {
      const { takeBack } = shown ?? {};
      takeBack?.();
      return takeBack !== undefined;
    },
    close: unsubscribe,
  };
}

function kindOf({ decision, takeBack }: ApprovalRequest): QuestionKind {
  if (decision.question) return 'question';
  if (decision.plan === undefined) return 'call';
  return takeBack ? 'leaving' : 'plan';
}

function choiceOf({ scopes, behind = [], decision }: ApprovalRequest): AnswerChoice {
  return { scopes, calls: behind.length + 1, options: decision.question?.options.length };
}

function wholeBlocks(request: ApprovalRequest, details: ApprovalPrompt['details']): BlockBody[] {
  const { call, decision } = request;
  if (decision.plan !== undefined) return planBlocks(decision.plan);
  const title = decision.question ? 'The model asks:' : `${call.name}: ${wholeOf(request)}`;
  return callBlocks(title, details.map(plainText));
}

function wholeOf({ behind = [] }: ApprovalRequest): string {
  return behind.length === 0 ? 'the whole call' : `the ${behind.length + 1} calls, whole`;
}

function approvalOf(how: Exclude<Answer, 'write'>, asked: ApprovalRequest | undefined): Approval {
  if (typeof how === 'number') {
    const answer = asked?.decision.question?.options[how - 1];
    return { allowed: true, scope: 'once', ...(answer === undefined ? {} : { answer }) };
  }
  if (how === 'together') return { allowed: true, scope: 'once', together: true };
  if (how === 'no') return { allowed: false, scope: 'once' };
  if (how === 'accept-edits' || how === 'ask') return { allowed: true, scope: 'once', mode: how };
  return { allowed: true, scope: how };
}

/** All of the lines; an output shows only so many. */
function callBlocks(title: string, lines: readonly string[]): BlockBody[] {
  const count = Math.max(1, Math.ceil(lines.length / mostOutputLines));
  return Array.from({ length: count }, (_, index) => {
    const first = index * mostOutputLines;
    return {
      kind: 'output',
      title: index === 0 ? title : `${title}, from line ${first + 1}`,
      text: lines.slice(first, first + mostOutputLines).join('\n'),
    };
  });
}

/** A plan stays in the transcript, so that it can be read whole, and again while it is carried out. */
function planBlocks(plan: string): BlockBody[] {
  return [
    { kind: 'notice', level: 'info', text: 'The plan:' },
    { kind: 'answer', text: plan.trimEnd(), fence: '' },
  ];
}
