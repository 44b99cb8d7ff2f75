import { answerOf } from './approval-keys.js';
import type { Approvals } from './approvals.js';
import type { InputAction, InputState } from './input-state.js';
import { type Intent, intentOf, typed } from './key-bindings.js';
import type { Key } from './keys.js';

export interface AnswerKeysOptions {
  readonly approvals: Approvals;
  /** Cells that a row of what is written has. */
  columns(): number;
  /** The message that was being written when the question came, and will be again. */
  readonly draft: {
    readonly input: InputState;
    edit(actions: readonly InputAction[]): void;
    /** As it was before. */
    put(input: InputState): void;
  };
  /** One line of help; empty for none. */
  hint(text: string): void;
  /** Stops the turn that waits for the answer. */
  interrupt(): void;
  repaint(): void;
}

interface Typed {
  readonly question: unknown;
  readonly text: string;
  readonly before: InputState;
}

const kept = 'What you type is kept for your next message; a key answers after half a second without one.';

/** Carries out what a key means while a question is open: an answer, or a change of the one that is being written. */
export function createAnswerKeys(options: AnswerKeysOptions): (key: Key) => void {
  const { approvals, columns, draft, hint, interrupt, repaint } = options;
  /** What was typed into the question that is open now, and the message without it. */
  let letters: Typed | undefined;
  const stop = () => {
    if (!approvals.takeBack()) interrupt();
  };

  function choose(key: Key): void {
    const answer = answerOf(key, approvals.kind, approvals.choice);
    if (answer === 'stop') stop();
    else if (answer && approvals.heeds()) {
      takeBackRepeated(key);
      approvals.answer(answer);
    } else keep(key);
  }

  /** What is no answer, or came too early to be one, is part of what the user writes, and so is what comes soon after it. */
  function keep(key: Key): void {
    const actions = writing(key, meaning(key, draft.input));
    if (!actions) return;
    const { question } = approvals;
    const more = key.type === 'text' ? key.text : ' ';
    const so = letters?.question === question ? letters : undefined;
    letters = { question, text: (so?.text ?? '') + more, before: so?.before ?? draft.input };
    approvals.typedInto();
    if (actions.length > 0) draft.edit(actions);
    hint(kept);
  }

  /** Whoever presses the same key again because it came too early did not write it into their message. */
  function takeBackRepeated(key: Key): void {
    const written = letters;
    letters = undefined;
    if (!written || written.question !== approvals.question || key.type !== 'text') return;
    const again = key.text.toLowerCase();
    if ([...written.text.toLowerCase()].every((one) => one === again)) draft.put(written.before);
    hint('');
  }

  function meaning(key: Key, input: InputState): Intent | undefined {
    return key.type === 'key' ? intentOf(key, { input, columns: columns(), queued: false }) : typed(key);
  }

  return (key) => {
    approvals.touched();
    const { entry } = approvals;
    if (!entry) {
      choose(key);
      return;
    }
    const intent = meaning(key, entry);
    if (intent?.type === 'edit') approvals.edit(intent.actions);
    else if (intent?.type === 'send') approvals.send();
    else if (intent?.type === 'escape') approvals.back();
    else if (intent?.type === 'cancel') stop();
    else if (intent?.type === 'repaint') repaint();
  };
}

/** What a key of somebody who writes does to the message: nothing where they meant to send it; `undefined` for any other key. */
function writing(key: Key, intent: Intent | undefined): readonly InputAction[] | undefined {
  if (intent?.type === 'send') return [];
  if (intent?.type !== 'edit') return undefined;
  const writes = intent.actions.every(({ type }) => type === 'insert' || type === 'delete-left');
  return key.type !== 'key' || writes ? intent.actions : undefined;
}
