import { reduceCacheHistory } from './cache-history.js';
import { UNCOMPACT } from './core/compaction.js';
import type { VictorEvent } from './core/event.js';
import { hookSentence } from './core/hook-sentence.js';
import {
  configChange,
  extensionFailed,
  modeChanged,
  providerAndModel,
  requestEnded,
  withFooter,
  withoutReplaced,
} from './state/footer.js';
import type { State } from './state/screen-state.js';
import { approvalAnswered, approvalAsked, putOut, toolAnswered, toolCalled } from './state/tool-calls.js';
import { appendText, note, sent, thinking } from './state/transcript.js';
import { active, busy, composed, retrying, turnEnded, turnFailed } from './state/turn.js';
import { workflowTold } from './state/workflow.js';

export type { Block, BlockBody, BlockKind, ThinkingBlockBody, ToolBlockBody } from './state/block.js';
export {
  type Activity,
  type CostOfDay,
  type Footer,
  initialState,
  type State,
} from './state/screen-state.js';
export { approvalAnswered } from './state/tool-calls.js';
export { append, drain } from './state/transcript.js';
export { commandStarted, endTurn, submitted } from './state/turn.js';

/** What the screen shows after this event. Pure: equal inputs give equal states. */
export function reduce(before: State, event: VictorEvent): State {
  const cache = reduceCacheHistory(before.cache, event);
  const state = cache === before.cache ? before : { ...before, cache };
  switch (event.type) {
    case 'session-open':
      return withFooter(state, { sessionId: event.sessionId });
    case 'session-reset':
      return withFooter(note(state, 'The context is empty; the log of this session is kept.'), {
        contextTokens: 0,
      });
    case 'rewind':
      return note(
        withFooter(state, { contextTokens: event.after.tokens }),
        `The conversation goes on from ${event.after.messages} messages; the log of this session is kept.`,
      );
    case 'config-change':
      return note(event.effect === 'now' ? withoutReplaced(state, event.key) : state, configChange(event));
    case 'mode-change':
      return modeChanged(state, event.to);
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
      return {
        ...state,
        turn: { ...state.turn, activity: 'waiting', detail: '', requestedAt: event.timestamp },
      };
    case 'request-retry':
      return retrying(state, event);
    case 'provider-fallback':
      return note(
        withFooter(state, providerAndModel(event.to, state.footer)),
        `${event.error.message} ${event.to} is asked instead of ${event.from}.`,
        'warning',
      );
    case 'thinking-delta':
      return active(thinking(state, event), 'thinking');
    case 'text-delta':
      return active(appendText(state, 'answer', event.text), 'answering');
    case 'tool-call-delta':
      return composed(state, event);
    case 'request-end':
      return requestEnded(state, event);
    case 'tool-call':
      return toolCalled(state, event);
    case 'approval-request':
      return approvalAsked(state, event);
    case 'tool-decision':
      return approvalAnswered(state, event.call.id, event.timestamp);
    case 'tool-output':
      return putOut(state, event);
    case 'background-tasks':
      return withFooter(state, { tasks: event.running });
    case 'tool-result':
      return toolAnswered(state, event);
    case 'compaction':
      return note(
        withFooter(state, { contextTokens: event.after.tokens }),
        `${event.strategy === UNCOMPACT ? 'The last compaction is taken back' : `Context compacted (${event.strategy})`}: ${event.before.messages} messages, ~${event.before.tokens} tokens -> ` +
          `${event.after.messages} messages, ~${event.after.tokens} tokens.`,
      );
    case 'extension-failure':
      return extensionFailed(state, event);
    case 'hook': {
      const text = hookSentence(event);
      return text === undefined ? state : note(state, text, event.outcome === 'failed' ? 'warning' : 'info');
    }
    case 'notice':
      return note(state, event.text, event.level);
    case 'workflow-start':
    case 'workflow-step':
    case 'workflow-end':
      return workflowTold(state, event);
    case 'turn-end':
      return turnEnded(state, event);
    case 'turn-error':
      return turnFailed(state, event);
    default:
      return state;
  }
}
