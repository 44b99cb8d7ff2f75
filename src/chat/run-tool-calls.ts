import type { Coordinators, Turn } from '../core/coordinator.js';
import type { Decision } from '../core/decision.js';
import { messageOf } from '../core/describe-failure.js';
import { LimitError } from '../core/errors.js';
import type { EventOf, VictorEvent } from '../core/event.js';
import { withoutHeldSecrets } from '../core/held-secrets.js';
import type { ToolCall } from '../core/message.js';
import type { Tool, ToolResult } from '../core/tool.js';
import { AskedTogether } from './asked-together.js';
import { type Decided, decideCall } from './decide-call.js';
import { isSameCall, type LoopGuard } from './loop-guard.js';
import { event } from './turn-event.js';

/** Whose calls they are. */
type CallScope = Pick<Turn, 'id' | 'sessionId'>;

type With = Pick<Coordinators, 'tool' | 'permission' | 'checkpoint' | 'mode'>;

/** Reading calls that may run at the same time. */
const MAX_PARALLEL = 8;

/**
 * Runs the calls of one message in order and tells what happens; exactly one `tool-result` a call, in order.
 * Neighbouring calls that only read run together; whatever may change something runs alone, and so does what may be part
 * of a loop, because only its result can tell. Throws `LimitError` when nobody lets a loop go on.
 */
export async function* runToolCalls(
  calls: readonly ToolCall[],
  turn: CallScope,
  signal: AbortSignal,
  coordinators: With,
  guard: LoopGuard,
): AsyncGenerator<VictorEvent, void> {
  const tools = new Map(coordinators.tool.list(turn.sessionId).map((tool) => [tool.name, tool]));
  const queue = [...calls];
  const together = new AskedTogether(calls);
  while (queue.length > 0 && !signal.aborted) {
    const batch = [queue.shift()!];
    const joins = (call: ToolCall) => reads(tools, call) && !batch.some((one) => isSameCall(one, call));
    if (reads(tools, batch[0]!) && !guard.watchful) {
      while (batch.length < MAX_PARALLEL && queue[0] && joins(queue[0])) batch.push(queue.shift()!);
    }
    const running: Promise<EventOf<'tool-result'>>[] = [];
    let limit: LimitError | undefined;
    for (const call of batch) {
      const decided = yield* decideCall(call, tools.get(call.name), {
        turn,
        signal,
        guard,
        together,
        coordinators,
      });
      if (signal.aborted) return; // Esc at an approval: the loop closes what has no result yet.
      if (decided.limit) {
        limit = new LimitError(decided.limit);
        running.push(Promise.resolve(unrun(call, looped, turn)));
        break;
      }
      if (decided.answer) running.push(Promise.resolve(unrun(call, decided.answer, turn)));
      else if (!decided.allowed) running.push(Promise.resolve(refusal(call, decided, turn)));
      else {
        const { input, leadsTo } = decided;
        const run = input ? { ...call, input } : call;
        const result =
          tools.get(call.name)?.kind === 'edit'
            ? Promise.resolve(yield* runEdit(run, turn, signal, coordinators, leadsTo))
            : execute(run, turn, signal, coordinators, leadsTo);
        running.push(input ? result.then((one) => ranChanged(one, call)) : result);
      }
    }
    for (const result of running) yield await result;
    if (limit) throw limit;
  }
}

const looped: ToolResult = {
  content: 'Not run: it would have had the same result once more. The turn ended here.',
  isError: true,
  summary: 'not run again',
};

function reads(tools: ReadonlyMap<string, Tool>, call: ToolCall): boolean {
  return tools.get(call.name)?.kind === 'read';
}

/** Keeps the file first, so that the edit can be undone; the checkpoint is sealed with what was written. */
async function* runEdit(
  call: ToolCall,
  turn: CallScope,
  signal: AbortSignal,
  coordinators: With,
  leadsTo: Decision['leadsTo'],
): AsyncGenerator<VictorEvent, EventOf<'tool-result'>> {
  let saved: readonly { id: string; path: string }[];
  try {
    saved = await coordinators.checkpoint.save(call, turn);
  } catch (error) {
    const content = `Not run, because it could not be made undoable: ${messageOf(error)}`;
    return unrun(call, { content, isError: true, summary: 'not undoable' }, turn);
  }
  const result = await execute(call, turn, signal, coordinators, leadsTo);
  const { isError, unfinished, written } = result.result;
  const ids = saved.map(({ id }) => id);
  if (isError) {
    // What was given up on may still write; whether it did is seen when somebody wants it undone.
    if (!unfinished) await coordinators.checkpoint.discard?.(ids).catch(() => {});
    return result;
  }
  try {
    await coordinators.checkpoint.seal(ids, written);
    for (const { id, path } of saved) yield event(turn, { type: 'checkpoint', checkpointId: id, path });
  } catch (error) {
    const text = `This edit cannot be undone: ${messageOf(error)}`;
    yield event(turn, { type: 'notice', level: 'warning', text });
  }
  return result;
}

async function execute(
  call: ToolCall,
  turn: CallScope,
  signal: AbortSignal,
  { tool }: With,
  leadsTo: Decision['leadsTo'],
): Promise<EventOf<'tool-result'>> {
  const startedAt = performance.now();
  const result = await tool
    .execute(call, turn.sessionId, signal, leadsTo)
    // A coordinator of the user's may break its contract; its call failed then, the turn did not.
    .catch((error: unknown): ToolResult => ({ content: `${call.name} failed: ${error}`, isError: true }));
  return event(turn, {
    type: 'tool-result',
    call,
    result,
    durationMs: performance.now() - startedAt,
    denied: false,
  });
}

/** The model's own call with the result of the one that ran in its place, and with what that was. */
function ranChanged(event: EventOf<'tool-result'>, call: ToolCall): EventOf<'tool-result'> {
  const input = withoutHeldSecrets(JSON.stringify(event.call.input));
  const note = `[This ran with another input than you wrote: ${input}]`;
  const { content } = event.result;
  return { ...event, call, result: { ...event.result, content: `${note}\n\n${content}` } };
}

/** The answer to a call that was not run and not refused either. */
function unrun(call: ToolCall, result: ToolResult, turn: CallScope): EventOf<'tool-result'> {
  return event(turn, { type: 'tool-result', call, result, durationMs: 0, denied: false });
}

function refusal(call: ToolCall, { reason, feedback }: Decided, turn: CallScope): EventOf<'tool-result'> {
  const result: ToolResult =
    feedback === undefined
      ? {
          content: `Not run: ${reason} Do not try to reach the same by another way; go on without it or tell the user.`,
          isError: true,
          summary: 'refused',
        }
      : {
          content: `Not run. The user refused it and says what to do instead: ${feedback}`,
          isError: true,
          summary: `refused: ${feedback}`,
        };
  return event(turn, { type: 'tool-result', call, result, durationMs: 0, denied: true });
}
