import { AbortedError, ProviderError, type ProviderErrorKind, VictorError } from '../core/errors.js';
import { redact } from '../core/redact.js';
import { asFields } from './fields.js';
import { networkFailure } from './network-failure.js';
import { retryAfterMs } from './retry-after.js';

/** What an error message may speak of. Nothing else about the request goes into an error. */
export interface ErrorContext {
  readonly provider: string;
  readonly baseURL: string;
  /** The environment variable the key usually comes from; advice names it. */
  readonly apiKeyVariable?: string | undefined;
  /** Taken out of every message. */
  readonly apiKey?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How the errors of both SDKs look from outside. They are read by shape, so that this file needs neither SDK. */
interface SdkError {
  readonly status?: unknown;
  readonly headers?: { get?(name: string): string | null };
  readonly error?: unknown;
  readonly requestID?: unknown;
  readonly message?: unknown;
}

/** Providers say that a prompt is too long in words only; these are the words of the ones we know. */
const contextOverflow =
  /prompt is too long|maximum context length|context[ _](?:length|window|size)|exceeds? (?:the )?(?:available )?context|too many (?:input )?tokens|input length .* exceed/i;
/** No credit or a spending limit: waiting does not help, whatever the status says. */
const outOfCredit =
  /insufficient_quota|billing|credit balance|spend_limit|payment_required|insufficient[ _](?:balance|credits?)/i;

/** The codes that a failed response of OpenAI's blames the request with. */
const inputFault = /^(invalid|empty|unsupported|image|failed_to_download|data_residency|bio_policy)/;

/**
 * Makes a typed error of whatever an SDK, a fetch or a stream threw. The original is not kept as `cause`:
 * SDK errors carry response headers and bodies, and those may echo a key.
 */
export function providerError(error: unknown, context: ErrorContext): VictorError {
  if (context.signal?.aborted) return new AbortedError();
  const own = ownError(error);
  if (own) return own;
  const sdkError = error as SdkError;
  if (typeof sdkError?.status === 'number') return statusError(sdkError, sdkError.status, context);
  const body = errorBody(sdkError?.error);
  if (body.type !== '' || body.code !== '' || body.message !== '') return streamedError(sdkError, context);
  const network = networkFailure(error, context);
  if (network) return network;
  const text = redact(error instanceof Error ? error.message : String(error), [context.apiKey]);
  return new ProviderError(
    'protocol',
    `${context.provider} sent something that is no valid answer: ${text}`,
    {
      provider: context.provider,
      advice: `Check that ${shownURL(context.baseURL)} is the address of a ${context.provider} API, then try again.`,
    },
  );
}

/** The address without user name, password and query, all of which may hold secrets. */
export function shownURL(url: string): string {
  try {
    const { origin, pathname } = new URL(url);
    return pathname === '/' ? origin : origin + pathname;
  } catch {
    return 'the base URL';
  }
}

/** A typed error of ours comes back wrapped in the SDK's, because it was thrown inside the SDK's fetch. */
function ownError(error: unknown): VictorError | undefined {
  for (let depth = 0, one = error; depth < 5 && one instanceof Error; depth += 1, one = one.cause) {
    if (one instanceof VictorError) return one;
  }
  return undefined;
}

function statusError(error: SdkError, status: number, context: ErrorContext): ProviderError {
  const body = errorBody(error.error);
  const kind = statusKind(status, body, error.headers?.get?.('x-should-retry') === 'false');
  return build(kind, error, context, status, body);
}

/** An error that arrived as an event inside a 200 answer. */
function streamedError(error: SdkError, context: ErrorContext): ProviderError {
  const body = errorBody(error.error);
  const words = `${body.type} ${body.code} ${body.message}`;
  const kinds: Record<string, ProviderErrorKind> = {
    overloaded_error: 'overloaded',
    api_error: 'overloaded',
    server_error: 'overloaded',
    rate_limit_error: 'rate-limit',
    rate_limit_exceeded: 'rate-limit',
    authentication_error: 'authentication',
    permission_error: 'authentication',
    invalid_api_key: 'authentication',
    billing_error: 'authentication',
    not_found_error: 'invalid-request',
    request_too_large: 'context-length',
    timeout_error: 'stalled',
    // Last, because some servers call everything so and say what it is in the code.
    invalid_request_error: 'invalid-request',
  };
  const status = Number(body.code) || undefined;
  const byStatus = status === undefined ? undefined : statusKind(status, body, false);
  const said = kinds[body.code] ?? byStatus ?? kinds[body.type];
  const kind = contextOverflow.test(words)
    ? 'context-length'
    : outOfCredit.test(words)
      ? 'authentication'
      : (said ?? (inputFault.test(body.code) ? 'invalid-request' : 'overloaded'));
  return build(kind, error, context, status, body);
}

function statusKind(status: number, body: ErrorBody, final: boolean): ProviderErrorKind {
  const words = `${body.type} ${body.code} ${body.message}`;
  if (status === 402 || (status < 500 && outOfCredit.test(words))) return 'authentication';
  if (status === 401 || status === 403) return 'authentication';
  if (status === 413 || (status < 500 && status !== 429 && contextOverflow.test(words)))
    return 'context-length';
  if (status === 429) return final ? 'authentication' : 'rate-limit';
  if (status === 408) return 'stalled';
  if (status >= 500) return 'overloaded';
  return 'invalid-request';
}

function build(
  kind: ProviderErrorKind,
  error: SdkError,
  context: ErrorContext,
  status: number | undefined,
  body: ErrorBody,
): ProviderError {
  const text = body.message || (error.error === undefined ? asText(error.message) : '');
  const words = redact(text, [context.apiKey]).replace(/\s+/g, ' ').trim().slice(0, 500);
  const answered = status === undefined ? 'reported an error' : `answered with status ${status}`;
  const requestId = error.requestID ?? body.requestId;
  const id = typeof requestId === 'string' ? redact(requestId, [context.apiKey]).slice(0, 100) : undefined;
  const which = id ? ` (request ${id})` : '';
  return new ProviderError(kind, `${context.provider} ${answered}${which}${words ? `: ${words}` : '.'}`, {
    provider: context.provider,
    advice: adviceFor(kind, status, `${body.type} ${body.code} ${body.message}`, context),
    status,
    retryAfterMs: retryAfterMs(error.headers),
    requestId: id,
  });
}

function adviceFor(
  kind: ProviderErrorKind,
  status: number | undefined,
  words: string,
  context: ErrorContext,
): string {
  const key = context.apiKeyVariable ? `the key in ${context.apiKeyVariable}` : 'the key (apiKeyFile)';
  switch (kind) {
    case 'authentication':
      if (status === 402 || status === 429 || outOfCredit.test(words)) {
        return `Add credit or raise the spending limit of the ${context.provider} account, or set provider to another one.`;
      }
      return status === 403
        ? `Check that ${key} may use this model, or set model to another one.`
        : `Check ${key}: it is missing, expired or not valid at ${shownURL(context.baseURL)}.`;
    case 'rate-limit':
      return 'Wait a little and try again, or set model or provider to another one.';
    case 'overloaded':
      return 'Try again in a minute, or set model or provider to another one.';
    case 'context-length':
      return 'Compact the conversation with /compact, start a new session, or set model to one with a larger context window.';
    case 'stalled':
      return 'Try again; if it keeps happening, check the connection and the server.';
    case 'network':
      return 'Check the network connection and try again.';
    default:
      if (status === 407)
        return 'The proxy of HTTPS_PROXY or HTTP_PROXY wants a user name and password: write them into its address.';
      return status === 404
        ? `Check the model's name with "victor models" and that baseURL ${shownURL(context.baseURL)} is right.`
        : 'Check model and maxTokens in the settings; the message above is what the provider said.';
  }
}

interface ErrorBody {
  readonly type: string;
  readonly code: string;
  readonly message: string;
  readonly requestId: string | undefined;
}

/** Reads `{ error: { type, code, message } }`, the same without the wrapper, and plain text. */
function errorBody(value: unknown): ErrorBody {
  const outer = asFields(value);
  const inner = asFields(outer.error ?? value);
  const details = asFields(inner.details);
  const plain = typeof value === 'string' ? value : typeof outer.error === 'string' ? outer.error : '';
  return {
    type: asText(inner.type),
    code: asText(inner.code) || asText(details.error_code),
    message: asText(inner.message) || plain,
    requestId: asText(outer.request_id) || undefined,
  };
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
