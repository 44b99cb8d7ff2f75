import type { ToolCall } from '../core/message.js';
import { ASK_AT, type Repetition } from './loop-guard.js';

/** Why the user is asked. */
export function repetitionReason({ calls, times }: Repetition): string {
  return calls === 1
    ? `The same call has had the same result ${times} times. Go on?`
    : `The same ${calls} calls have had the same results ${times} times in turn. Go on?`;
}

/** What the user is told when the model is. */
export function repetitionNotice({ calls, times }: Repetition, title: string): string {
  const what =
    calls === 1
      ? `The same call has had the same result ${times} times: ${title}.`
      : `The same ${calls} calls have had the same results ${times} times in turn, the last of them ${title}.`;
  return `${what} The model was told to do something else.`;
}

/** What the model reads below the result. */
export function repetitionNote({ calls, times }: Repetition): string {
  const what =
    calls === 1
      ? `This call has now had this very result ${times} times.`
      : `The last ${calls * times} calls are the same ${calls} calls with the same results, ${times} times in turn.`;
  return (
    `[Note by Victor, not by the user or the tool: ${what} Doing the same again will change nothing. ` +
    'Read what the results say, then do something else: another argument, another tool, or tell the user what you need. ' +
    `The turn may end before the ${ASK_AT}th time.]`
  );
}

const LONGEST_TITLE = 120;

/** A call in one short line; `title` may be a whole script. */
export function shortCall({ name }: ToolCall, title: string): string {
  const line = `${name} ${title}`.replaceAll(/\s+/g, ' ').trim();
  return line.length > LONGEST_TITLE ? `${line.slice(0, LONGEST_TITLE - 1)}…` : line;
}
