import type { ErrorData } from './core/errors.js';
import type { EventOf, VictorEvent } from './core/event.js';
import type { ExtensionKind } from './core/extension.js';
import type { FileChange } from './core/tool.js';
import { contextTokens } from './core/usage.js';
import { addText, closeLine, emptyLive, type LiveText } from './live-text.js';

/** One finished piece of the transcript. Never changes once it exists; the screen prints it once. */
export type BlockBody =
  | { readonly kind: 'banner'; readonly lines: readonly string[] }
  | { readonly kind: 'user'; readonly text: string }
  /** Whole lines of the answer. `fence`: the code fence that the first line stands in; empty outside of code. */
  | { readonly kind: 'answer'; readonly text: string; readonly fence: string }
  | { readonly kind: 'thinking'; readonly text: string }
  | ToolBlockBody
  /** A command's answer, or a tool output that the user asked to see. */
  | { readonly kind: 'output'; readonly title: string; readonly text: string }
  | { readonly kind: 'notice'; readonly level: 'info' | 'warning'; readonly text: string }
  | { readonly kind: 'error'; readonly error: ErrorData };

export interface ToolBlockBody {
  readonly kind: 'tool';
  readonly name: string;
  readonly title: string;
  /** `interrupted`: the turn ended before the call had an answer. */
  readonly status: 'done' | 'failed' | 'denied' | 'interrupted';
  readonly summary: string;
  /** Absent for calls of an earlier run. */
  readonly durationMs: number | undefined;
  readonly change?: FileChange;
}

export type BlockKind = BlockBody['kind'];
/** `gap`: an empty line belongs above it. */
export type Block = BlockBody & { readonly id: number; readonly gap: boolean };

export interface ToolActivity {
  readonly callId: string;
  readonly name: string;
  readonly title: string;
  readonly startedAt: number;
  readonly status: 'running' | 'asking';
}

export type Activity = 'waiting' | 'thinking' | 'answering' | 'working' | 'retrying';

export interface TurnStatus {
  readonly running: boolean;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly activity: Activity;
  /** Why it takes longer, for example a retry. */
  readonly detail: string;
  /** A message the user sent that is not yet known to be on disk. */
  readonly sending: string | undefined;
  /** The message of a failed turn, to be offered for another try. */
  readonly retryText: string | undefined;
}

export interface PendingApproval {
  readonly callId: string;
  readonly title: string;
  readonly reason: string;
  /** What the call would change, where that could be seen. */
  readonly change?: FileChange;
}

export interface Footer {
  readonly sessionId: string;
  readonly provider: string;
  readonly model: string;
  readonly mode: string;
  /** How commands are confined, in a word or two; empty until that is known. */
  readonly sandbox: string;
  /** Tokens in the model's view after its last call; 0 before the first. */
  readonly contextTokens: number;
  readonly contextWindow: number;
  /** US dollars of the calls with a known price; `null` before the first of them. */
  readonly costUsd: number | null;
  /** Some call had no known price, so `costUsd` is a lower bound. */
  readonly unpriced: boolean;
  readonly failingExtensions: readonly { readonly kind: ExtensionKind; readonly name: string }[];
}

/** What a screen shows. Blocks wait here only until the screen takes them, so that a long session stays small. */
export interface State {
  readonly blocks: readonly Block[];
  readonly nextBlockId: number;
  readonly lastKind: BlockKind | undefined;
  readonly live: LiveText;
  readonly tools: readonly ToolActivity[];
  readonly approvals: readonly PendingApproval[];
  readonly turn: TurnStatus;
  readonly footer: Footer;
  /** What the last tool answered, for showing it in full. */
  readonly lastOutput: { readonly title: string; readonly text: string } | undefined;
}

export function initialState(footer: Partial<Footer> = {}): State {
  return {
    blocks: [],
    nextBlockId: 1,
    lastKind: undefined,
    live: emptyLive,
    tools: [],
    approvals: [],
    turn: {
      running: false,
      startedAt: 0,
      activity: 'waiting',
      detail: '',
      sending: undefined,
      retryText: undefined,
    },
    footer: {
      sessionId: '',
      provider: '',
      model: '',
      mode: 'ask',
      sandbox: '',
      contextTokens: 0,
      contextWindow: 0,
      costUsd: null,
      unpriced: false,
      failingExtensions: [],
      ...footer,
    },
    lastOutput: undefined,
  };
}

/** What the screen shows after this event. Pure: equal inputs give equal states. */
export function reduce(state: State, event: VictorEvent): State {
  switch (event.type) {
    case 'session-open':
      return withFooter(state, { sessionId: event.sessionId });
    case 'session-reset':
      return withFooter(note(state, 'The context is empty; the log of this session is kept.'), {
        contextTokens: 0,
      });
    case 'config-change':
      return note(event.effect === 'now' ? withoutReplaced(state, event.key) : state, configChange(event));
    case 'mode-change':
      return withFooter(state, { mode: event.to });
    case 'provider-change':
      return withFooter(state, providerAndModel(event.to, state.footer));
    case 'turn-start':
      return {
        ...withFooter(state, { provider: event.provider, model: event.model, mode: event.mode }),
        turn: { ...busy(event.timestamp), sending: event.text },
      };
    case 'message':
      return event.message.role === 'user' ? sent(state, event) : state;
    case 'request-start':
      return { ...state, turn: { ...state.turn, activity: 'waiting', detail: '' } };
    case 'request-retry':
      return { ...state, turn: { ...state.turn, activity: 'retrying', detail: retryDetail(event) } };
    case 'thinking-delta':
      return active(appendText(state, 'thinking', event.text), 'thinking');
    case 'text-delta':
      return active(appendText(state, 'answer', event.text), 'answering');
    case 'request-end':
      return requestEnded(state, event);
    case 'tool-call':
      return toolCalled(state, event);
    case 'approval-request':
      return approvalAsked(state, event);
    case 'tool-decision':
      return approvalAnswered(state, event.call.id);
    case 'tool-result':
      return toolAnswered(state, event);
    case 'compaction':
      return note(
        withFooter(state, { contextTokens: event.after.tokens }),
        `Context compacted (${event.strategy}): ${event.before.messages} messages, ~${event.before.tokens} tokens -> ` +
          `${event.after.messages} messages, ~${event.after.tokens} tokens.`,
      );
    case 'extension-failure':
      return extensionFailed(state, event);
    case 'notice':
      return note(state, event.text, event.level);
    case 'turn-end':
      return turnEnded(state, event);
    case 'turn-error':
      return turnFailed(state, event);
    default:
      return state;
  }
}

/** The user sent this; it is shown as being sent until it is known to be on disk. */
export function submitted(state: State, text: string, now: number): State {
  return { ...state, turn: { ...busy(now), sending: text } };
}

/** Nothing runs any more; calls without an answer stay in the transcript as interrupted. */
export function endTurn(state: State, retryText?: string): State {
  const closed = state.tools.map(interruptedCall).reduce(append, closeText(state));
  const turn: TurnStatus = { ...closed.turn, running: false, detail: '', sending: undefined, retryText };
  return { ...closed, turn, tools: [], approvals: [] };
}

function interruptedCall({ name, title }: ToolActivity): ToolBlockBody {
  return { kind: 'tool', name, title, status: 'interrupted', summary: 'interrupted', durationMs: undefined };
}

/** Adds a finished block below everything that was streamed so far. */
export function append(state: State, body: BlockBody): State {
  return push(closeText(state), body);
}

/** Takes every finished block, whole streamed lines included, out of the state: the screen prints them once. */
export function drain(state: State): { readonly state: State; readonly blocks: readonly Block[] } {
  const flushed = state.live.finished === '' ? state : commitFinished(state);
  if (flushed.blocks.length === 0) return { state: flushed, blocks: [] };
  return { state: { ...flushed, blocks: [] }, blocks: flushed.blocks };
}

function push(state: State, body: BlockBody): State {
  const gap = body.kind !== state.lastKind || body.kind === 'user' || body.kind === 'output';
  return {
    ...state,
    blocks: [...state.blocks, { ...body, id: state.nextBlockId, gap }],
    nextBlockId: state.nextBlockId + 1,
    lastKind: body.kind,
  };
}

function note(state: State, text: string, level: 'info' | 'warning' = 'info'): State {
  return append(state, { kind: 'notice', level, text });
}

function withFooter(state: State, footer: Partial<Footer>): State {
  return { ...state, footer: { ...state.footer, ...footer } };
}

function busy(startedAt: number): TurnStatus {
  return {
    running: true,
    startedAt,
    activity: 'waiting',
    detail: '',
    sending: undefined,
    retryText: undefined,
  };
}

function active(state: State, activity: Activity): State {
  if (state.turn.activity === activity) return state;
  return { ...state, turn: { ...state.turn, activity, detail: '' } };
}

function appendText(state: State, kind: LiveText['kind'], text: string): State {
  const open = state.live.kind === kind ? state : startText(closeText(state), kind);
  return { ...open, live: addText(open.live, text) };
}

function startText(state: State, kind: LiveText['kind']): State {
  return { ...state, live: { ...emptyLive, kind } };
}

/** Makes a block of the whole lines. */
function commitFinished(state: State): State {
  const { kind, finished, finishedFence } = state.live;
  if (finished === '') return state;
  const text = finished.slice(0, -1);
  const body: BlockBody =
    kind === 'answer' ? { kind, text, fence: finishedFence } : { kind: 'thinking', text };
  return { ...push(state, body), live: { ...state.live, finished: '' } };
}

/** Ends the streamed text: what is partial becomes a line. */
function closeText(state: State): State {
  const { live } = state;
  if (live === emptyLive) return state;
  return { ...commitFinished({ ...state, live: closeLine(live) }), live: emptyLive };
}

function sent(state: State, event: EventOf<'message'>): State {
  const images = event.message.images?.length ?? 0;
  const text = images === 0 ? event.message.content : `${event.message.content}\n[${images} image(s)]`;
  const next = append(state, { kind: 'user', text });
  return { ...next, turn: { ...next.turn, sending: undefined } };
}

function retryDetail(event: EventOf<'request-retry'>): string {
  return `${event.error.message} Trying again in ${Math.max(1, Math.round(event.waitMs / 1_000))} s.`;
}

function requestEnded(state: State, event: EventOf<'request-end'>): State {
  const isConversation = event.purpose === undefined;
  return withFooter(state, {
    ...(isConversation ? { contextTokens: contextTokens(event.usage) + event.usage.outputTokens } : {}),
    contextWindow: event.contextWindow,
    costUsd: event.costUsd === null ? state.footer.costUsd : (state.footer.costUsd ?? 0) + event.costUsd,
    unpriced: state.footer.unpriced || event.costUsd === null,
  });
}

function toolCalled(state: State, event: EventOf<'tool-call'>): State {
  const tool: ToolActivity = {
    callId: event.call.id,
    name: event.call.name,
    title: event.title,
    startedAt: event.timestamp,
    status: 'running',
  };
  return active({ ...closeText(state), tools: [...state.tools, tool] }, 'working');
}

function approvalAsked(state: State, event: EventOf<'approval-request'>): State {
  const { call, title, decision, change } = event;
  const others = state.approvals.filter((one) => one.callId !== call.id);
  const asked = { callId: call.id, title, reason: decision.reason, ...(change ? { change } : {}) };
  return {
    ...state,
    approvals: [...others, asked],
    tools: state.tools.map((one) => (one.callId === call.id ? { ...one, status: 'asking' } : one)),
  };
}

/** The user has answered: the call no longer waits, whatever its tool does next. */
export function approvalAnswered(state: State, callId: string): State {
  if (!state.approvals.some((one) => one.callId === callId)) return state;
  return {
    ...state,
    approvals: state.approvals.filter((one) => one.callId !== callId),
    tools: state.tools.map((one) => (one.callId === callId ? { ...one, status: 'running' } : one)),
  };
}

function toolAnswered(state: State, event: EventOf<'tool-result'>): State {
  const { call, result, durationMs, denied } = event;
  const running = state.tools.find((one) => one.callId === call.id);
  const title = running?.title ?? '';
  const body: BlockBody = {
    kind: 'tool',
    name: call.name,
    title,
    status: denied ? 'denied' : result.isError ? 'failed' : 'done',
    summary: result.summary ?? firstLine(result.content),
    durationMs,
    ...(result.change ? { change: result.change } : {}),
  };
  const next = append(approvalAnswered(state, call.id), body);
  return {
    ...next,
    tools: next.tools.filter((one) => one.callId !== call.id),
    lastOutput: { title: `${call.name} ${title}`.trim(), text: result.content },
  };
}

function extensionFailed(state: State, event: EventOf<'extension-failure'>): State {
  const { kind, name, message, fallback } = event.failure;
  const { failingExtensions } = state.footer;
  if (failingExtensions.some((one) => one.kind === kind && one.name === name)) return state;
  const next = withFooter(state, { failingExtensions: [...failingExtensions, { kind, name }] });
  return note(next, `${name} failed: ${message} (instead: ${fallback})`, 'warning');
}

const interrupted = 'Interrupted. What was done so far is kept; say what to do instead.';
const endings: Readonly<Record<string, string>> = {
  'max-tokens': 'The answer was cut by the output limit. Ask to continue, or raise maxTokens.',
  refusal: 'The model declined to answer. Say it in another way, or choose another model with /model.',
  interrupted,
  limit: 'A limit of this turn was reached. Send "continue" to go on, or raise maxTurns or maxBudgetUsd.',
};

function turnEnded(state: State, event: EventOf<'turn-end'>): State {
  const ending = endings[event.reason];
  const next = endTurn(state);
  return ending === undefined
    ? next
    : note(next, ending, event.reason === 'interrupted' ? 'info' : 'warning');
}

function turnFailed(state: State, event: EventOf<'turn-error'>): State {
  const next = endTurn(state, event.retryText);
  if (event.error.code === 'aborted') return note(next, interrupted);
  return append(next, { kind: 'error', error: event.error });
}

/** `compaction.strategy: recent -> task-aware (.victorrc:4)`. */
const kindsBySetting: Readonly<Record<string, ExtensionKind>> = {
  configProviders: 'config-provider',
  contributors: 'contributor',
  compaction: 'compaction',
  toolSelection: 'tool-selection',
  exporters: 'exporter',
  tools: 'tool',
};

/** What failed before a setting changed may be gone; what still fails says so again. */
function withoutReplaced(state: State, key: string): State {
  const kind = kindsBySetting[key.split(/[.[]/, 1)[0]!];
  const failingExtensions = state.footer.failingExtensions.filter((one) => one.kind !== kind);
  return withFooter(state, { failingExtensions });
}

function configChange({ key, from, to, file, line, effect }: EventOf<'config-change'>): string {
  const place = file === undefined ? 'default' : line === undefined ? file : `${file}:${line}`;
  return `${key}: ${from} -> ${to} (${place})${effect === 'now' ? '' : ', after a restart'}`;
}

function providerAndModel(name: string, footer: Footer): Partial<Footer> {
  const slash = name.indexOf('/');
  if (slash < 0) return { provider: name || footer.provider };
  return { provider: name.slice(0, slash), model: name.slice(slash + 1) };
}

function firstLine(text: string): string {
  const line = text.trimStart().split('\n', 1)[0] ?? '';
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
