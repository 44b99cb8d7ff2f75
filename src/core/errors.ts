import { withoutHeldSecrets } from './held-secrets.js';
import { limitSentence, type TurnLimit } from './turn-limit.js';

/**
 * Every error that leaves Victor is one of these. Branch on `code`, never on the message.
 * `advice` is one sentence that says what to do next; the command line prints it after the message.
 */
export class VictorError extends Error {
  readonly code: string;
  readonly advice: string | undefined;

  constructor(code: string, message: string, options: { advice?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.advice = options.advice;
  }
}

/** A setting, flag or argument is wrong; nothing was started. Exit code 2. */
export class ConfigError extends VictorError {
  readonly file: string | undefined;
  readonly key: string | undefined;
  readonly line: number | undefined;

  constructor(
    message: string,
    options: {
      advice?: string | undefined;
      cause?: unknown;
      file?: string | undefined;
      key?: string | undefined;
      line?: number | undefined;
    } = {},
  ) {
    super('config', message, options);
    this.file = options.file;
    this.key = options.key;
    this.line = options.line;
  }
}

/** The provider that is to answer has no key. */
export class MissingKeyError extends ConfigError {}

export type ProviderErrorKind =
  | 'authentication'
  | 'rate-limit'
  | 'overloaded'
  | 'context-length'
  | 'invalid-request'
  | 'network'
  | 'stalled'
  | 'protocol';

/** A model provider failed. `kind` says how; the provider coordinator retries what `retryable` marks. */
export class ProviderError extends VictorError {
  readonly kind: ProviderErrorKind;
  readonly provider: string;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly retryable: boolean;
  readonly requestId: string | undefined;

  constructor(
    kind: ProviderErrorKind,
    message: string,
    options: {
      provider: string;
      advice?: string | undefined;
      cause?: unknown;
      status?: number | undefined;
      retryAfterMs?: number | undefined;
      requestId?: string | undefined;
    },
  ) {
    super(`provider-${kind}`, message, options);
    this.kind = kind;
    this.provider = options.provider;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    this.requestId = options.requestId;
    this.retryable =
      kind === 'rate-limit' || kind === 'overloaded' || kind === 'network' || kind === 'stalled';
  }
}

/** The user or the host stopped the turn. */
export class AbortedError extends VictorError {
  constructor(message = 'The turn was interrupted.', options: { cause?: unknown } = {}) {
    super('aborted', message, { ...options, advice: 'Send the request again, or say what to do instead.' });
  }
}

/** A limit was reached in the middle of a turn. It never leaves the turn loop, which ends the turn with it as the reason. */
export class LimitError extends VictorError {
  readonly limit: TurnLimit;

  constructor(limit: TurnLimit) {
    super('limit', limitSentence(limit));
    this.limit = limit;
  }
}

/** The conversation does not fit the model even after compaction. */
export class ContextOverflowError extends VictorError {
  constructor(tokens: number, budget: number) {
    super('context-overflow', `The conversation needs about ${tokens} tokens, but only ${budget} fit.`, {
      advice: 'Start a new session, or choose a model with a larger context window.',
    });
  }
}

/** A compaction strategy cannot do its work; the context coordinator lets another one do it. */
export class CompactionError extends VictorError {
  constructor(message: string, options: { advice?: string | undefined; cause?: unknown } = {}) {
    super('compaction', message, options);
  }
}

/** The session database cannot be used as asked. */
export class StorageError extends VictorError {
  constructor(message: string, options: { advice?: string | undefined; cause?: unknown } = {}) {
    super('storage', message, options);
  }
}

/** Another process works in the session. */
export class SessionHeldError extends VictorError {
  readonly sessionId: string;
  readonly pid: number;

  constructor(sessionId: string, holder: { readonly pid: number; readonly since: number }) {
    const since = new Date(holder.since).toLocaleTimeString(undefined, {
      hour: '2-digit',
      minute: '2-digit',
    });
    super('session-held', `Session ${sessionId} is in use by process ${holder.pid} since ${since}.`, {
      advice: `Close it there, or go on in a copy: victor sessions fork ${sessionId} makes one.`,
    });
    this.sessionId = sessionId;
    this.pid = holder.pid;
  }
}

/** A hook of the user's refused to let something go on. */
export class HookError extends VictorError {
  constructor(message: string) {
    super('hook', message, { advice: '/hooks, or victor config show --origin, says where it is set.' });
  }
}

/** A request of a replay is not in the recording. */
export class ReplayError extends VictorError {
  constructor(message: string, options: { advice?: string | undefined } = {}) {
    super('replay', message, options);
  }

  /** What it quotes stays out: the SDKs replace errors whose text speaks of a timeout. */
  override toString(): string {
    return this.name;
  }
}

/** A server that brings tools could not be started, ended, or did not answer. */
export class ToolServerError extends VictorError {
  readonly server: string;

  constructor(
    server: string,
    message: string,
    options: { advice?: string | undefined; cause?: unknown } = {},
  ) {
    super('tool-server', message, options);
    this.server = server;
  }
}

/** An extension was named that does not exist or cannot be loaded. */
export class ExtensionError extends VictorError {
  /**
   * `settings`: what names it is wrong, a name that does not exist or options that it refuses; nothing was started.
   * `broken`: the extension itself is missing or fails, which its built-in fallback can stand in for.
   */
  readonly reason: 'settings' | 'broken';

  constructor(
    message: string,
    options: {
      advice?: string | undefined;
      cause?: unknown;
      reason?: 'settings' | 'broken' | undefined;
    } = {},
  ) {
    super('extension', message, options);
    this.reason = options.reason ?? 'settings';
  }
}

/** An error as plain data, for events and logs. */
export interface ErrorData {
  readonly code: string;
  readonly message: string;
  readonly advice?: string;
}

export function errorData(error: unknown): ErrorData {
  if (error instanceof VictorError) {
    return {
      code: error.code,
      message: withoutHeldSecrets(error.message),
      ...(error.advice === undefined ? {} : { advice: withoutHeldSecrets(error.advice) }),
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'unexpected', message: withoutHeldSecrets(message) };
}
