import { type CacheHistory, emptyCacheHistory } from '../cache-history.js';
import type { ExtensionKind } from '../core/extension.js';
import type { Todo } from '../core/todos.js';
import type { FileChange, OutputSoFar } from '../core/tool.js';
import { type KeptOutputs, noOutputs } from '../kept-outputs.js';
import { emptyLive, type LiveText } from '../live-text.js';
import type { Block, BlockKind } from './block.js';

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
  /** What the provider's cache did for the last requests. */
  readonly cache: CacheHistory;
  /** The steps that the model has written down; none when they are all done. */
  readonly todos: readonly Todo[];
  /** What is folded, for showing it in full. */
  readonly outputs: KeptOutputs;
  /** From when to when the model has been thinking, in milliseconds since 1970, while that is still coming. */
  readonly thought: { readonly from: number; readonly to: number } | undefined;
}

export interface TurnStatus {
  readonly running: boolean;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly activity: Activity;
  /** Why it takes longer, for example a retry. */
  readonly detail: string;
  /** While retrying: when it goes on, in milliseconds since 1970. */
  readonly retryAt?: number;
  /** The call that is being written: what the model has sent of it so far. */
  readonly composing: { readonly index: number; readonly name: string; readonly characters: number };
  /** When the model was asked last, in milliseconds since 1970. */
  readonly requestedAt: number;
  /** A message the user sent that is not yet known to be on disk. */
  readonly sending: string | undefined;
  /** The message of a failed turn, to be offered for another try. */
  readonly retryText: string | undefined;
  /** No model is asked: the user runs a command of their own. */
  readonly command?: { readonly text: string; readonly output?: OutputSoFar } | undefined;
}

export type Activity = 'waiting' | 'thinking' | 'answering' | 'composing' | 'working' | 'retrying';

export interface ToolActivity {
  readonly callId: string;
  readonly name: string;
  readonly title: string;
  /** Milliseconds since 1970; of a call that was asked about, when the answer came. */
  readonly startedAt: number;
  readonly status: 'running' | 'asking';
  readonly output?: OutputSoFar;
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
  /** Whether the folder is trusted, in a word; empty until that is known. */
  readonly trust: string;
  /** The branch of the repository; empty outside of one. */
  readonly branch: string;
  /** What the user's own command says instead; empty for none. */
  readonly custom: string;
  /** Tokens in the model's view after its last call; 0 before the first. */
  readonly contextTokens: number;
  readonly contextWindow: number;
  /** US dollars of the calls with a known price; `null` before the first of them. */
  readonly costUsd: number | null;
  /** Some call had no known price, so `costUsd` is a lower bound. */
  readonly unpriced: boolean;
  /** What every session of today has cost; absent until that is known. */
  readonly today: CostOfDay | undefined;
  /** Commands that run in the background. */
  readonly tasks: number;
  readonly failingExtensions: readonly { readonly kind: ExtensionKind; readonly name: string }[];
}

export interface CostOfDay {
  /** When the day ends, in milliseconds since 1970. */
  readonly until: number;
  /** US dollars of the calls with a known price. */
  readonly costUsd: number;
  readonly unpriced: boolean;
}

export const nothingComposed = { index: 0, name: '', characters: 0 };

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
      composing: nothingComposed,
      requestedAt: 0,
      sending: undefined,
      retryText: undefined,
    },
    footer: {
      sessionId: '',
      provider: '',
      model: '',
      mode: 'ask',
      sandbox: '',
      trust: '',
      branch: '',
      custom: '',
      contextTokens: 0,
      contextWindow: 0,
      costUsd: null,
      unpriced: false,
      today: undefined,
      tasks: 0,
      failingExtensions: [],
      ...footer,
    },
    cache: emptyCacheHistory,
    todos: [],
    outputs: noOutputs,
    thought: undefined,
  };
}
