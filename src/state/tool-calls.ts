import type { EventOf } from '../core/event.js';
import { currentTodo, TODO_TOOL, todosIn } from '../core/todos.js';
import type { OutputSoFar } from '../core/tool.js';
import { keepOutput } from '../kept-outputs.js';
import type { ToolBlockBody } from './block.js';
import type { State, ToolActivity } from './screen-state.js';
import { closeText, firstLine, push } from './transcript.js';
import { active } from './turn.js';

export function toolCalled(state: State, event: EventOf<'tool-call'>): State {
  const tool: ToolActivity = {
    callId: event.call.id,
    name: event.call.name,
    title: event.title,
    startedAt: event.timestamp,
    status: 'running',
  };
  return active({ ...closeText(state), tools: [...state.tools, tool] }, 'working');
}

export function approvalAsked(state: State, event: EventOf<'approval-request'>): State {
  const { call, title, decision, change } = event;
  const others = state.approvals.filter((one) => one.callId !== call.id);
  const asked = { callId: call.id, title, reason: decision.reason, ...(change ? { change } : {}) };
  return {
    ...state,
    approvals: [...others, asked],
    tools: state.tools.map((one) => (one.callId === call.id ? { ...one, status: 'asking' } : one)),
  };
}

/** The user has answered: the call no longer waits, and what it takes from now on is its own time. */
export function approvalAnswered(state: State, callId: string, now: number): State {
  if (!state.approvals.some((one) => one.callId === callId)) return state;
  return {
    ...state,
    approvals: state.approvals.filter((one) => one.callId !== callId),
    tools: state.tools.map((one) =>
      one.callId === callId ? { ...one, status: 'running', startedAt: now } : one,
    ),
  };
}

export function putOut(state: State, { callId, tail, lines, bytes }: EventOf<'tool-output'>): State {
  const output: OutputSoFar = { tail, lines, bytes };
  if (state.tools.some((one) => one.callId === callId)) {
    return { ...state, tools: state.tools.map((one) => (one.callId === callId ? { ...one, output } : one)) };
  }
  // The call of a command of the user's own is not shown as one.
  const { turn } = state;
  return turn.command ? { ...state, turn: { ...turn, command: { ...turn.command, output } } } : state;
}

export function toolAnswered(state: State, event: EventOf<'tool-result'>): State {
  const { call, result, durationMs, denied } = event;
  const running = state.tools.find((one) => one.callId === call.id);
  const title = running?.title ?? '';
  const todos = call.name === TODO_TOOL && !result.isError ? todosIn(call.input) : undefined;
  const body: ToolBlockBody = {
    kind: 'tool',
    name: call.name,
    title,
    status: denied ? 'denied' : result.isError ? 'failed' : 'done',
    summary: result.summary ?? firstLine(result.content),
    durationMs,
    ...(todos ? { todos } : {}),
    ...(result.change ? { change: result.change } : {}),
  };
  const closed = closeText(approvalAnswered(state, call.id, event.timestamp));
  const next = push(closed, { ...body, number: closed.outputs.next });
  return {
    ...next,
    ...(todos ? { todos: currentTodo(todos) ? todos : [] } : {}),
    tools: next.tools.filter((one) => one.callId !== call.id),
    outputs: keepOutput(closed.outputs, {
      kind: 'tool',
      title: `${call.name} ${title}`.trim(),
      text: result.content,
      ...(result.change ? { change: result.change } : {}),
    }),
  };
}
