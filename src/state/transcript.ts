import type { EventOf } from '../core/event.js';
import { keepOutput } from '../kept-outputs.js';
import { addText, closeLine, emptyLive, type LiveText } from '../live-text.js';
import { keptCommandOutput, userBlocks } from '../user-blocks.js';
import type { Block, BlockBody } from './block.js';
import type { State } from './screen-state.js';

/** Adds a finished block below everything that was streamed so far. */
export function append(state: State, body: BlockBody): State {
  return push(closeText(state), body);
}

export function note(state: State, text: string, level: 'info' | 'warning' = 'info'): State {
  return append(state, { kind: 'notice', level, text });
}

/** Takes every finished block, whole streamed lines included, out of the state: the screen prints them once. */
export function drain(state: State): { readonly state: State; readonly blocks: readonly Block[] } {
  const flushed = state.live.kind === 'thinking' ? state : commitFinished(state);
  if (flushed.blocks.length === 0) return { state: flushed, blocks: [] };
  return { state: { ...flushed, blocks: [] }, blocks: flushed.blocks };
}

export function push(state: State, body: BlockBody): State {
  const gap =
    body.kind !== state.lastKind || body.kind === 'user' || body.kind === 'output' || body.kind === 'diff';
  return {
    ...state,
    blocks: [...state.blocks, { ...body, id: state.nextBlockId, gap }],
    nextBlockId: state.nextBlockId + 1,
    lastKind: body.kind,
  };
}

export function appendText(state: State, kind: LiveText['kind'], text: string): State {
  const open = state.live.kind === kind ? state : startText(closeText(state), kind);
  return { ...open, live: addText(open.live, text) };
}

function startText(state: State, kind: LiveText['kind']): State {
  return { ...state, live: { ...emptyLive, kind } };
}

/** Makes a block of the whole lines. */
function commitFinished(state: State): State {
  const { finished, finishedFence } = state.live;
  if (finished === '') return state;
  const body: BlockBody = { kind: 'answer', text: finished.slice(0, -1), fence: finishedFence };
  return { ...push(state, body), live: { ...state.live, finished: '' } };
}

/** Ends the streamed text: what is partial becomes a line. */
export function closeText(state: State): State {
  const { live } = state;
  if (live === emptyLive) return state;
  const closed = { ...state, live: closeLine(live) };
  return { ...(live.kind === 'thinking' ? foldThought(closed) : commitFinished(closed)), live: emptyLive };
}

/** What the model thinks is not printed: it is shown while it comes, then folded. */
export function thinking(state: State, { text, timestamp }: EventOf<'thinking-delta'>): State {
  const next = appendText(state, 'thinking', text);
  const begun = state.turn.activity === 'waiting' ? state.turn.requestedAt : timestamp;
  return { ...next, thought: { from: next.thought?.from ?? begun, to: timestamp } };
}

function foldThought(state: State): State {
  const { live, thought, outputs } = state;
  const text = live.finished.trimEnd();
  const rest = { ...state, thought: undefined };
  if (text === '') return rest;
  const durationMs = thought ? thought.to - thought.from : 0;
  const summary = firstLine(text);
  const folded = push(rest, { kind: 'thinking', summary, durationMs, number: outputs.next });
  return { ...folded, outputs: keepOutput(outputs, { kind: 'thinking', title: 'Thinking', text }) };
}

export function sent(state: State, { message }: EventOf<'message'>): State {
  const next = userBlocks(message, state.outputs.next).reduce(append, state);
  const output = message.command ? keptCommandOutput(message) : undefined;
  const outputs = output ? keepOutput(next.outputs, { kind: 'tool', ...output }) : next.outputs;
  return { ...next, outputs, turn: { ...next.turn, sending: undefined, command: undefined } };
}

export function firstLine(text: string): string {
  const line = text.trimStart().split('\n', 1)[0] ?? '';
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
