import type { Context } from './context.js';

/** What extensions may return: the value or a promise of it. */
export type Awaitable<T> = T | Promise<T>;

/** What an extension that needs something outside this process may offer for `victor doctor`. */
export interface Checkable {
  /**
   * Looks whether what it needs can be reached, without sending a key or data, and answers what it saw in a few words.
   * Throws otherwise.
   */
  check?(): Awaitable<string>;
}

/** Per-session configuration from anywhere: a database, an API, the environment. Highest priority is asked first. */
export interface ConfigProvider extends Checkable {
  readonly name?: string;
  /** Higher is asked first; 50 when absent. */
  readonly priority?: number;
  /** The settings for this session, or `{}` to let the next provider answer. */
  getConfig(sessionId: string): Awaitable<Readonly<Record<string, unknown>>>;
}

/** What a prompt contributor may look at. Unknown keys are `undefined`. */
export interface PromptContext {
  readonly sessionId?: string;
  /** Changes with each turn. */
  readonly turnId?: string;
  /** The latest user message. */
  readonly task?: string;
  readonly mode?: string;
  readonly provider?: string;
  readonly model?: string;
  readonly cwd?: string;
  readonly [key: string]: unknown;
}

/**
 * A text, or more said about it: a later contribution to the same section replaces the earlier one, and what is
 * volatile (the date, the state of the repository) goes behind everything that a provider caches.
 */
export type PromptContribution =
  | string
  | {
      readonly section?: string;
      readonly text: string;
      readonly volatile?: boolean;
      /** Files that the text was read from, by absolute path, so that `/why prompt` can name them. */
      readonly files?: readonly string[];
    };

/** Adds to the system prompt. Highest priority contributes first. */
export interface PromptContributor {
  readonly name?: string;
  /** Higher contributes earlier; 50 when absent. */
  readonly priority?: number;
  /** The contribution, or an empty string for none. */
  getContribution(context: PromptContext): Awaitable<PromptContribution>;
}

/** The session's own model, for extensions that let it work on text. Tokens it costs are counted for the session. */
export interface ModelAccess {
  /** One request without tools and history. Rejects with a `ProviderError`, or an `AbortedError`. */
  complete(request: {
    readonly system: string;
    readonly prompt: string;
    /** Output tokens at most; 2,048 when absent. */
    readonly maxTokens?: number;
  }): Promise<string>;
}

/** Makes a context smaller. Must not change the context it is given; returning it unchanged is a valid answer. */
export interface CompactionStrategy {
  readonly name?: string;
  /** `false`: runs only when somebody asks, never by itself. */
  readonly automatic?: boolean;
  /** `model` is there when a session's model can be asked. */
  compact(context: Context, model?: ModelAccess): Awaitable<Context>;
}

/** Turns texts into vectors of one length, so that near meanings lie near each other (by cosine). Deterministic. */
export interface Embedder {
  readonly name: string;
  readonly dimensions: number;
  /** One vector a text, of length 1, or all zeros for a text with nothing in it. */
  embed(texts: readonly string[]): Awaitable<readonly Float32Array[]>;
}

/** What a selection strategy knows of a tool. */
export interface ToolDescriptor {
  readonly name: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly parameters: readonly string[];
}

export interface ToolScore {
  readonly name: string;
  /** 0 (the least of the list, or irrelevant) to 1; the best has less than 1 where none suits well. */
  readonly score: number;
  /** Why, in a few words: `matches "read", "file"`. */
  readonly reason: string;
}

/** Scores tools against a request. Must be deterministic for equal input and answer one score a tool. */
export interface ToolSelectionStrategy {
  readonly name?: string;
  score(request: string, tools: readonly ToolDescriptor[]): Awaitable<readonly ToolScore[]>;
}

/** One thing that happened in a session, without prompts, code or paths. */
export interface AnalyticsEvent {
  /** Stable over retries and processes: deliver twice, count once. */
  readonly id: string;
  readonly sessionId: string;
  /** A valid metric name: the event's name with `-` as `_`. */
  readonly type: string;
  readonly data: Readonly<Record<string, string | number | boolean | null>>;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

export interface ExportResult {
  readonly success: boolean;
  readonly exportedCount: number;
  readonly error?: string;
  /** How many of them the receiver took and threw away, with `success`: they do not come again, and count as dropped. */
  readonly rejectedCount?: number;
  /** Why these events can never be taken as they are: they come again in smaller parts, or never. */
  readonly refusal?: 'too-large' | 'invalid';
  /** Milliseconds in which the receiver does not want to be asked again. */
  readonly retryAfterMs?: number;
}

/** Sends analytics somewhere. A failure is data (`success: false`); events come again until a call succeeds. */
export interface AnalyticsExporter extends Checkable {
  readonly name?: string;
  /** Where it sends to, in a text that stays the same: what waits for it is found by it. Its name and options when absent. */
  readonly id?: string;
  export(events: readonly AnalyticsEvent[]): Awaitable<ExportResult>;
  /** Called once when the process ends. */
  close?(): Awaitable<void>;
}

export type ExtensionKind =
  | 'config-provider'
  | 'contributor'
  | 'compaction'
  | 'tool-selection'
  | 'exporter'
  | 'tool'
  | 'provider'
  | 'coordinator';

/** An extension threw, hung or returned nonsense, and what was done instead. */
export interface ExtensionFailure {
  readonly kind: ExtensionKind;
  readonly name: string;
  readonly message: string;
  /** What served in its place, in a few words. */
  readonly fallback: string;
}
