import type { Attachment } from '../core/attachment.js';
import type { ChatCoordinator, Coordinators, Turn } from '../core/coordinator.js';
import { createEvent } from '../core/create-event.js';
import { AbortedError, errorData, HookError, type VictorError } from '../core/errors.js';
import type { EventOf, VictorEvent } from '../core/event.js';
import { contextAttachments } from './context-block.js';
import type { HookRunner } from './hook-runner.js';
import type { HookedTurns } from './hooked-turns.js';
import { overriding } from './overriding.js';
import type { SessionStarts } from './session-starts.js';
import { goingOn, joined, type TurnSoFar } from './stop-rounds.js';

interface With {
  readonly runner: HookRunner;
  readonly turns: HookedTurns;
  readonly starts: SessionStarts;
  readonly others: Pick<Coordinators, 'mode'>;
}

type Events = AsyncGenerator<VictorEvent, void>;

/** How often Stop hooks may send a turn on: after that it ends whatever they say. */
export const MOST_ROUNDS = 8;

/** A turn with the hooks before it and behind it: the start of its session, what the user sends, and its end. */
export function hookedChat(chat: ChatCoordinator, options: With): ChatCoordinator {
  const { turns } = options;
  return overriding(chat, {
    async *run(turn, signal): Events {
      const either = turns.begin(turn.sessionId, signal);
      try {
        const attachments = yield* before(turn, either, options);
        yield* rounds(chat, { ...turn, attachments }, either, options);
      } finally {
        turns.end(turn.sessionId);
      }
    },
  });
}

/** What goes along with the message; throws where a hook refuses it. */
async function* before(
  turn: Turn,
  signal: AbortSignal,
  { runner, starts, others }: With,
): AsyncGenerator<VictorEvent, readonly Attachment[]> {
  const { sessionId, text, attachments = [] } = turn;
  const permission_mode = others.mode.current(sessionId);
  const source = starts.take(sessionId);
  const begun = source
    ? await runner.run(
        { hook: 'SessionStart', sessionId, about: source, facts: { source, permission_mode } },
        signal,
      )
    : undefined;
  const facts = { permission_mode, prompt: text };
  const sent = await runner.run({ hook: 'UserPromptSubmit', sessionId, facts }, signal);
  // A start that nobody has heard of is told again.
  if (source && signal.aborted) starts.begins(sessionId, source);
  // A message that a hook had no time to look at is not kept either.
  if (signal.aborted && runner.has('UserPromptSubmit')) yield* keptBack(turn, new AbortedError());
  const refusal = sent.blocks ?? sent.stops ?? begun?.stops;
  if (refusal !== undefined) {
    if (source) starts.begins(sessionId, source);
    yield* keptBack(turn, new HookError(`A hook keeps this message back: ${refusal}`));
  }
  return [
    ...attachments,
    ...contextAttachments('SessionStart', begun?.contexts ?? []),
    ...contextAttachments('UserPromptSubmit', sent.contexts),
  ];
}

/** The end of a turn that has not begun. */
function* keptBack({ id, sessionId, text }: Turn, error: VictorError): Generator<VictorEvent, never> {
  yield createEvent(
    { type: 'turn-error', error: errorData(error), retryText: text, removed: [] },
    { sessionId, turnId: id },
  );
  throw error;
}

/** The turn, and as often as Stop hooks want it on, what follows: one turn for everybody else. */
async function* rounds(chat: ChatCoordinator, turn: Turn, signal: AbortSignal, options: With): Events {
  const { runner, turns, others } = options;
  const { sessionId } = turn;
  const startedAt = performance.now();
  let current = turn;
  let sofar: TurnSoFar | undefined;
  for (let round = 0; ; round += 1) {
    const { ended, toolCalls } = yield* oneRound(chat, current, signal, turns, round > 0);
    if (!ended) return;
    const whole = joined(sofar, ended, toolCalls);
    sofar = whole;
    const durationMs = performance.now() - startedAt;
    const goesOn = ended.reason === 'end' && round < MOST_ROUNDS && !signal.aborted && runner.has('Stop');
    const facts = { permission_mode: others.mode.current(sessionId), stop_hook_active: round > 0 };
    const said = goesOn ? await runner.run({ hook: 'Stop', sessionId, facts }, signal) : undefined;
    if (said?.blocks === undefined || said.stops !== undefined || signal.aborted) {
      if (round === MOST_ROUNDS && ended.reason === 'end') {
        const text = `A Stop hook has sent this turn on ${MOST_ROUNDS} times; it ends now, and the hook is not asked again.`;
        yield createEvent({ type: 'notice', level: 'warning', text }, { sessionId, turnId: turn.id });
      }
      yield { ...whole.ended, durationMs };
      return;
    }
    current = goingOn(turn, whole, said.blocks, durationMs);
  }
}

interface Round {
  /** Absent where it failed. */
  readonly ended?: EventOf<'turn-end'>;
  readonly toolCalls: number;
}

async function* oneRound(
  chat: ChatCoordinator,
  turn: Turn,
  signal: AbortSignal,
  turns: HookedTurns,
  isLater: boolean,
): AsyncGenerator<VictorEvent, Round> {
  let toolCalls = 0;
  let ended: EventOf<'turn-end'> | undefined;
  for await (const event of chat.run(turn, signal)) {
    if (event.type === 'tool-call') {
      toolCalls += 1;
      turns.callBegins(turn.sessionId, event.call.id);
    }
    if (event.type === 'turn-end') ended = event;
    // What the hook said is no message of the user's, to be sent again.
    else if (isLater && event.type === 'turn-error') yield withoutRetry(event);
    else if (!(isLater && event.type === 'turn-start')) yield event;
  }
  return { ...(ended ? { ended } : {}), toolCalls };
}

function withoutRetry({ retryText, ...event }: EventOf<'turn-error'>): VictorEvent {
  return event;
}
