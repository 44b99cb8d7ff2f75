import type { Message } from '../../core/message.js';
import type { ProviderRequest } from '../../core/provider.js';
import type { Script, ScriptStep, ScriptToolCall } from '../../providers/script.js';
import { repair } from './sample-repository.js';

/** What the user of the demo seems to ask. */
export const demoPrompt = '[scripted] A test of the shopping cart fails. Find out why, and repair it.';
export const testCommand = 'node --test';

export interface DemoCourse {
  /** The demo, not the user, allowed the edit. */
  allowedByDemo: boolean;
  /** The repair was made, and the tests passed after it. */
  repaired: boolean;
}

/** What the script says, and what the result of the call before must be for it to be true. */
interface Scene {
  readonly after?: 'success' | 'failure';
  readonly text: string;
  readonly call: ScriptToolCall;
}

const scenes: readonly Scene[] = [
  { text: 'I run the tests to see what fails.', call: { name: 'Bash', input: { command: testCommand } } },
  {
    after: 'failure',
    text: 'Ten of a kind should cost a tenth less, and do not. Where is that decided?',
    call: { name: 'Grep', input: { pattern: 'BULK' } },
  },
  {
    after: 'success',
    text: 'In `src/discount.js`. I read it.',
    call: { name: 'Read', input: { path: repair.path } },
  },
  {
    after: 'success',
    text: 'The comparison leaves out ten itself: `>` has to be `>=`. Before an edit Victor asks you.',
    call: { name: 'Edit', input: { ...repair } },
  },
  { after: 'success', text: 'And the tests again.', call: { name: 'Bash', input: { command: testCommand } } },
];

const over =
  'This is the scripted demo, and its script is over: no model reads what you write. Leave with Ctrl+D; then `victor doctor` says how to set up a model.';
const done =
  '**Repaired:** all tests pass. `src/discount.js` gave the discount for more than ten of a kind instead of from ten on.\n\nThe words were a script; what the tools did was real.';
const lookAround = ' Look around with `/undo`, `/cost` and `/help`, or leave with Ctrl+D.';

/**
 * The demo's words. Each scene looks at what really came out before it goes on, so that the script never claims what did
 * not happen. `paced` is for people: it speaks as fast as one reads.
 */
export function demoScript(course: DemoCourse, paced: boolean): Script {
  return ({ messages }) => {
    const step = stepFor(messages, course);
    if (!paced) return step;
    const text = `${step.text}${step.text === done ? lookAround : ''}`;
    return { ...step, text, chunks: Math.ceil(text.length / 5), delayMs: 40 };
  };
}

function stepFor(messages: ProviderRequest['messages'], course: DemoCourse): ScriptStep {
  if (messages.findLast(({ role }) => role === 'user')?.content !== demoPrompt) return { text: over };
  const scene = scenes[messages.filter(({ role }) => role === 'assistant').length];
  const result = messages.at(-1);
  const surprise = surpriseIn(result, scene ? scene.after : 'success');
  if (surprise !== undefined) return { text: surprise };
  if (scene) return { text: said(scene, result, course), toolCalls: [scene.call] };
  course.repaired = true;
  return { text: done };
}

function said({ text }: Scene, result: Message | undefined, { allowedByDemo }: DemoCourse): string {
  if (result?.toolName !== 'Edit' || !allowedByDemo) return text;
  return `Nobody answered, so the demo allowed this edit of its own copy itself. ${text}`;
}

/** Says so when a call ended otherwise than the script is written for. */
function surpriseIn(result: Message | undefined, expected: Scene['after']): string | undefined {
  if (expected === undefined || (result?.isError === true) === (expected === 'failure')) return undefined;
  if (result?.toolName === 'Edit') {
    return 'The edit was not made, so the script ends here and the test still fails. Leave with Ctrl+D.';
  }
  return `The script ends here: it was written for a ${expected} of ${result?.toolName ?? 'a tool'}, and what is above came instead.`;
}
