import { ProviderError } from '../core/errors.js';
import { type ErrorContext, shownURL } from './provider-errors.js';

/** The connection failed, or broke before the answer was complete. `undefined` when this is no network error. */
export function networkFailure(error: unknown, context: ErrorContext): ProviderError | undefined {
  const code = failureCode(error);
  if (code === undefined) return undefined;
  const where = shownURL(context.baseURL);
  const { provider } = context;
  const fail = (kind: 'network' | 'invalid-request' | 'protocol', message: string, advice: string) =>
    new ProviderError(kind, message, { provider, advice, cause: codeOnly(code) });

  if (code === 'ECONNREFUSED') {
    return fail(
      'network',
      `Nothing listens at ${where} (${code}).`,
      'Start the model server, or set baseURL to where it runs.',
    );
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return fail(
      'network',
      `The host of ${where} was not found (${code}).`,
      'Check the network connection and baseURL.',
    );
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|EPROTO/.test(code)) {
    return fail(
      'invalid-request',
      `No trusted connection to ${where} could be made (${code}).`,
      'Point NODE_EXTRA_CA_CERTS at the certificate authority of your network, or correct baseURL.',
    );
  }
  if (code.startsWith('Z_') || code.startsWith('ERR__ERROR') || code.startsWith('HPE_')) {
    return fail(
      'protocol',
      `${provider} sent bytes that cannot be read (${code}).`,
      `Check what stands between you and ${where}: a proxy may be changing the answer.`,
    );
  }
  return fail(
    'network',
    `The connection to ${where} failed (${code}).`,
    'Check the network connection and try again.',
  );
}

/** The first error code down the chain of causes; an SDK's own timeout counts as one. */
function failureCode(error: unknown): string | undefined {
  for (let depth = 0, one = error; depth < 6 && one instanceof Error; depth += 1, one = one.cause) {
    const { code } = one as { code?: unknown };
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return code;
    if (Array.isArray((one as AggregateError).errors)) {
      const inner = failureCode((one as AggregateError).errors[0]);
      if (inner) return inner;
    }
    if (one.constructor.name === 'APIConnectionTimeoutError') return 'ETIMEDOUT';
    if (one.constructor.name === 'APIConnectionError' && one.cause === undefined) return 'ECONNRESET';
  }
  return undefined;
}

/** A cause for the log that holds the code and nothing of the request. */
function codeOnly(code: string): Error {
  return Object.assign(new Error(code), { code });
}
