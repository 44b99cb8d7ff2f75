import type { IncomingHttpHeaders } from 'node:http';
import { type Usage, usage } from '../../src/core/usage.js';
import { type ScriptStep, toolCallText } from '../../src/providers/script.js';

/** A step of a script, plus what can go wrong between a server and its client. */
export interface ServerStep extends ScriptStep {
  /** Answer with this status instead of a model's answer; 200 when only `headers` or `body` are given. */
  readonly status?: number;
  /** Added to the answer's headers, also to a model's answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Answer with this body instead of a model's answer: text and bytes as they are, anything else as JSON. */
  readonly body?: unknown;
  /** Close the connection after this many bytes of the body: `reset` (default) tears it down, `end` ends it politely. */
  readonly cutAfterBytes?: number;
  readonly cut?: 'reset' | 'end';
  /** Send this many bytes of the body, then nothing more. */
  readonly stallAfterBytes?: number;
  /** Read the request and never answer. */
  readonly stallBeforeHeaders?: boolean;
  /** Send only pings after the headers, one every this many milliseconds. */
  readonly pingEveryMs?: number;
  /** What a ping is; Anthropic's when absent. */
  readonly ping?: string;
  /** Called with each paced piece of an answer before it is sent, which waits for what this returns. */
  readonly before?: (piece: string) => unknown;
  /** Send the body in writes of this many bytes. */
  readonly splitBytes?: number;
  readonly gzip?: boolean;
  /** Makes the answer's ids; how many requests came before when absent. */
  readonly number?: number;
}

/** One request as the server got it. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The body as JSON; `undefined` when there was none or it was no JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of two dialects without ceremony.
  readonly body: any;
  /** The body as it was sent. */
  readonly rawBody: string;
  /** When its headers arrived: milliseconds since 1970 with fractions (`performance.timeOrigin + performance.now()`). */
  readonly receivedAt: number;
  /** Resolves when the connection is done with this request; `completed` when the whole answer was sent. */
  readonly closed: Promise<{ readonly completed: boolean }>;
}

/** A step, or what decides it from the parsed body of the request. */
export type ServerScript =
  | ServerStep
  | ((body: RecordedRequest['body'], request: RecordedRequest) => ServerStep | Promise<ServerStep>);

/** One piece of a streamed body; `paced` pieces wait for the step's `delayMs` first. */
export interface Piece {
  readonly data: string | Buffer;
  readonly paced?: boolean;
}

/** Four characters a token, unless the step says better: the same answer for the same request. */
export function stepUsage(step: ServerStep, rawBody: string): Usage {
  const answer = [
    step.thinking ?? '',
    step.text ?? '',
    ...(step.toolCalls ?? []).map((call) => call.name + toolCallText(call)),
  ].join('');
  return usage({
    inputTokens: Math.ceil(rawBody.length / 4),
    outputTokens: Math.max(1, Math.ceil(answer.length / 4)),
    ...step.usage,
  });
}
