import type { EventOf } from '../core/event.js';
import { limitSentence, type TurnLimit } from '../core/turn-limit.js';
import type { ToolBlockBody } from './block.js';
import {
  type Activity,
  nothingComposed,
  type State,
  type ToolActivity,
  type TurnStatus,
} from './screen-state.js';
import { append, closeText, note } from './transcript.js';

/** The user sent this; it is shown as being sent until it is known to be on disk. */
export function submitted(state: State, text: string, now: number): State {
  return { ...state, turn: { ...busy(now), sending: text } };
}

/** The user runs a command of their own, and no model is asked. */
export function commandStarted(state: State, command: string, now: number): State {
  const detail = `Running ${command}`;
  return { ...state, turn: { ...busy(now), activity: 'working', detail, command: { text: command } } };
}

export function busy(startedAt: number): TurnStatus {
  return {
    running: true,
    startedAt,
    activity: 'waiting',
    detail: '',
    composing: nothingComposed,
    requestedAt: startedAt,
    sending: undefined,
    retryText: undefined,
  };
}

export function active(state: State, activity: Activity): State {
  if (state.turn.activity === activity) return state;
  return { ...state, turn: { ...state.turn, activity, detail: '' } };
}

export function composed(state: State, { index, name, text }: EventOf<'tool-call-delta'>): State {
  const { activity, composing } = state.turn;
  const isSame = activity === 'composing' && composing.index === index;
  const characters = (isSame ? composing.characters : 0) + text.length;
  return {
    ...state,
    turn: { ...state.turn, activity: 'composing', detail: '', composing: { index, name, characters } },
  };
}

export function retrying(state: State, { error, timestamp, waitMs }: EventOf<'request-retry'>): State {
  const retryAt = timestamp + waitMs;
  return { ...state, turn: { ...state.turn, activity: 'retrying', detail: error.message, retryAt } };
}

/** Nothing runs any more; calls without an answer stay in the transcript as interrupted. */
export function endTurn(state: State, retryText?: string): State {
  const closed = state.tools.map(interruptedCall).reduce(append, closeText(state));
  const over = { running: false, detail: '', sending: undefined, command: undefined };
  const turn: TurnStatus = { ...closed.turn, ...over, retryText };
  return { ...closed, turn, tools: [], approvals: [] };
}

function interruptedCall({ name, title }: ToolActivity): ToolBlockBody {
  return { kind: 'tool', name, title, status: 'interrupted', summary: 'interrupted', durationMs: undefined };
}

const interrupted = 'Interrupted. What was done so far is kept; say what to do instead.';

const endings: Readonly<Record<string, string>> = {
  'max-tokens': 'The answer was cut by the output limit. Ask to continue, or raise maxTokens.',
  refusal: 'The model declined to answer. Say it in another way, or choose another model with /model.',
  interrupted,
  limit: 'A limit of this turn was reached. Send "continue" to go on.',
};

export function turnEnded(state: State, event: EventOf<'turn-end'>): State {
  const ending = event.limit ? limitEnding(event.limit) : endings[event.reason];
  const next = endTurn(state);
  return ending === undefined
    ? next
    : note(next, ending, event.reason === 'interrupted' ? 'info' : 'warning');
}

function limitEnding(limit: TurnLimit): string {
  const said = limitSentence(limit);
  if (limit.name === 'repeated-call') return `${said} Say what to do instead.`;
  if (limit.name === 'maxDayUsd' || limit.name === 'maxProjectUsd')
    return `${said} To go on, raise it where /config ${limit.name} says that it is set; /cost shows what it was spent on.`;
  return `${said} Send "continue" to go on, or raise it with its flag or victor config set ${limit.name}.`;
}

export function turnFailed(state: State, event: EventOf<'turn-error'>): State {
  const next = endTurn(state, event.retryText);
  if (event.error.code === 'aborted') return note(next, interrupted);
  return append(next, { kind: 'error', error: event.error });
}
