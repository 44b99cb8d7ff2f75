import type { Coordinators, Turn } from '../core/coordinator.js';
import { createEvent } from '../core/create-event.js';
import type { Decision } from '../core/decision.js';
import { messageOf } from '../core/describe-failure.js';
import type { EventBody, EventOf, VictorEvent } from '../core/event.js';
import type { ToolCall } from '../core/message.js';
import type { Tool, ToolResult } from '../core/tool.js';
import { toolTitle } from '../core/tool-title.js';

type With = Pick<Coordinators, 'tool' | 'permission' | 'checkpoint'>;

/** Reading calls that may run at the same time. */
const MAX_PARALLEL = 8;

/**
 * Runs the calls of one message in order and tells what happens; exactly one `tool-result` a call, in order.
 * Neighbouring calls that only read run together; whatever may change something runs alone.
 */
export async function* runToolCalls(
  calls: readonly ToolCall[],
  turn: Turn,
  signal: AbortSignal,
  coordinators: With,
): AsyncGenerator<VictorEvent, void> {
  const tools = new Map(coordinators.tool.list(turn.sessionId).map((tool) => [tool.name, tool]));
  const queue = [...calls];
  while (queue.length > 0 && !signal.aborted) {
    const batch = [queue.shift()!];
    if (reads(tools, batch[0]!)) {
      while (batch.length < MAX_PARALLEL && queue[0] && reads(tools, queue[0])) batch.push(queue.shift()!);
    }
    const running: Promise<EventOf<'tool-result'>>[] = [];
    for (const call of batch) {
      const decided = yield* decide(call, tools.get(call.name), turn, signal, coordinators);
      if (signal.aborted) return; // Esc at an approval: the loop closes what has no result yet.
      if (decided.answer) running.push(Promise.resolve(unrun(call, decided.answer, turn)));
      else if (!decided.allowed) running.push(Promise.resolve(refusal(call, decided.reason, turn)));
      else if (tools.get(call.name)?.kind === 'edit') {
        running.push(Promise.resolve(yield* runEdit(call, turn, signal, coordinators)));
      } else running.push(execute(call, turn, signal, coordinators));
    }
    for (const result of running) yield await result;
  }
}

function reads(tools: ReadonlyMap<string, Tool>, call: ToolCall): boolean {
  return tools.get(call.name)?.kind === 'read';
}

interface Decided {
  readonly allowed: boolean;
  readonly reason: string;
  /** The call would change nothing: there is nothing to ask, and this is its answer. */
  readonly answer?: ToolResult;
}

async function* decide(
  call: ToolCall,
  tool: Tool | undefined,
  turn: Turn,
  signal: AbortSignal,
  coordinators: With,
): AsyncGenerator<VictorEvent, Decided> {
  const { permission } = coordinators;
  const title = toolTitle(tool, call);
  yield event(turn, { type: 'tool-call', call, title });
  const decision: Decision = await permission.decide(call, turn.sessionId);
  yield event(turn, { type: 'tool-decision', call, decision });
  if (decision.verdict !== 'ask') return { allowed: decision.verdict === 'allow', reason: decision.reason };

  const preview = decision.readable ? await previewOf(call, turn, signal, coordinators) : undefined;
  if (preview && !preview.change) return { allowed: false, reason: decision.reason, answer: preview };
  const change = preview?.change ? { change: preview.change } : {};
  yield event(turn, { type: 'approval-request', call, title, decision, ...change });
  const approval = await permission.ask(call, decision, turn.sessionId, signal);
  const reason = approval.feedback ? `The user refused and says: ${approval.feedback}` : decision.reason;
  return { allowed: approval.allowed, reason };
}

/** A preview that fails is none: the user is asked as for a call that nobody can look into. */
async function previewOf(
  call: ToolCall,
  turn: Turn,
  signal: AbortSignal,
  { tool }: With,
): Promise<ToolResult | undefined> {
  return tool.preview?.(call, turn.sessionId, signal).catch(() => undefined);
}

/** Keeps the file first, so that the edit can be undone; the checkpoint is sealed with what was written. */
async function* runEdit(
  call: ToolCall,
  turn: Turn,
  signal: AbortSignal,
  coordinators: With,
): AsyncGenerator<VictorEvent, EventOf<'tool-result'>> {
  let saved: readonly { id: string; path: string }[];
  try {
    saved = await coordinators.checkpoint.save(call, turn);
  } catch (error) {
    const content = `Not run, because it could not be made undoable: ${messageOf(error)}`;
    return unrun(call, { content, isError: true, summary: 'not undoable' }, turn);
  }
  const result = await execute(call, turn, signal, coordinators);
  if (result.result.isError) return result;
  try {
    await coordinators.checkpoint.seal(saved.map(({ id }) => id));
    for (const { id, path } of saved) yield event(turn, { type: 'checkpoint', checkpointId: id, path });
  } catch (error) {
    const text = `This edit cannot be undone: ${messageOf(error)}`;
    yield event(turn, { type: 'notice', level: 'warning', text });
  }
  return result;
}

async function execute(
  call: ToolCall,
  turn: Turn,
  signal: AbortSignal,
  { tool }: With,
): Promise<EventOf<'tool-result'>> {
  const startedAt = performance.now();
  const result = await tool
    .execute(call, turn.sessionId, signal)
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

/** The answer to a call that was not run and not refused either. */
function unrun(call: ToolCall, result: ToolResult, turn: Turn): EventOf<'tool-result'> {
  return event(turn, { type: 'tool-result', call, result, durationMs: 0, denied: false });
}

function refusal(call: ToolCall, reason: string, turn: Turn): EventOf<'tool-result'> {
  const content = `Not run: ${reason} Do not try to reach the same by another way; go on without it or tell the user.`;
  const result: ToolResult = { content, isError: true, summary: 'refused' };
  return event(turn, { type: 'tool-result', call, result, durationMs: 0, denied: true });
}

function event<Body extends EventBody>(turn: Turn, body: Body) {
  return createEvent(body, { sessionId: turn.sessionId, turnId: turn.id });
}
