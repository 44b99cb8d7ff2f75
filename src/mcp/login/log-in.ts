import { randomUUID } from 'node:crypto';
import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type { OAuthClientInformationMixed, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import type { McpLoginClient } from '../../config/mcp-settings.js';
import type { AskForLogin } from '../../core/tool-servers.js';
import { untilAborted } from '../../core/until-aborted.js';
import { type AnswerListener, listenForAnswer } from './answer-listener.js';
import type { LoginPlace } from './login-provider.js';
import { isSafeForLogin, serverFetch } from './server-fetch.js';

type Sdk = typeof import('../sdk.js');

export interface LogInOptions extends LoginPlace {
  /** Of its definition, with the values of variables. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the user registered Victor as, where the server registers nobody by itself. */
  readonly client?: McpLoginClient | undefined;
  readonly ask: AskForLogin;
  readonly signal: AbortSignal;
}

/**
 * Leads the user through a login by browser, as the MCP specification of authorization says (OAuth 2.1 with PKCE), and keeps
 * what it gives. `false` where the server wants none. Rejects with an `Error` in words that continue "NAME: ".
 */
export async function logIn(options: LogInOptions): Promise<boolean> {
  const { server, address, headers, client, ask, signal, logins } = options;
  const url = new URL(address);
  if (!isSafeForLogin(url, url))
    throw new Error('it is reached over plain HTTP, where others can read along');
  const sdk = await import('../sdk.js');
  const send = serverFetch(url, headers, () => {});
  const asked = await howToAsk(url, send, sdk, signal);
  if (!asked) return false;
  const state = randomUUID();
  const listener = await listenForAnswer(state, client?.callbackPort);
  try {
    const asking = askingProvider({ state, listener, client, url, ask });
    const how = { serverUrl: url, ...asked, fetchFn: abortable(send, signal) };
    await sdk.auth(asking.provider, how);
    const authorizationCode = await untilAborted(listener.code, signal);
    await sdk.auth(asking.provider, { ...how, authorizationCode });
    logins.keep({ server, address, ...asking.given() });
    return true;
  } finally {
    listener.close();
  }
}

/** What the server says of logins where it is asked without one; `undefined` where it wants none. */
async function howToAsk(url: URL, send: typeof fetch, sdk: Sdk, signal: AbortSignal) {
  const response = await send(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
    signal,
  });
  await response.body?.cancel();
  if (response.status === 401) {
    const { resourceMetadataUrl, scope } = sdk.extractWWWAuthenticateParams(response);
    return {
      ...(resourceMetadataUrl ? { resourceMetadataUrl } : {}),
      ...(scope === undefined ? {} : { scope }),
    };
  }
  // One that answers strangers may want a login for some of its tools.
  const metadata = sdk.discoverOAuthProtectedResourceMetadata(url, {}, abortable(send, signal));
  return metadata.then(
    () => ({}),
    () => undefined,
  );
}

function abortable(send: typeof fetch, signal: AbortSignal): typeof fetch {
  return (input, init) => send(input, { ...init, signal });
}

interface Asking {
  readonly state: string;
  readonly listener: AnswerListener;
  readonly client: McpLoginClient | undefined;
  readonly url: URL;
  readonly ask: AskForLogin;
}

/** What the SDK asks for a login from the start: nothing of an earlier one counts, since the address to come back to is new. */
function askingProvider({ state, listener, client: registered, url, ask }: Asking) {
  let client: OAuthClientInformationMixed | undefined = registered && {
    client_id: registered.clientId,
    ...(registered.clientSecret === undefined ? {} : { client_secret: registered.clientSecret }),
  };
  let tokens: OAuthTokens | undefined;
  let verifier = '';
  const provider: OAuthClientProvider = {
    redirectUrl: listener.redirectUrl,
    clientMetadata: {
      client_name: 'Victor',
      redirect_uris: [listener.redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
    state: () => state,
    clientInformation: () => client,
    saveClientInformation(one) {
      client = one;
    },
    tokens: () => tokens,
    saveTokens(one) {
      tokens = one;
    },
    saveCodeVerifier(one) {
      verifier = one;
    },
    codeVerifier: () => verifier,
    redirectToAuthorization(address) {
      // It comes from a server, and is opened by a program of the desktop.
      if (!isSafeForLogin(address, url)) {
        throw new Error(
          `it leads to ${address.protocol}//${address.host} for a login, which is not encrypted`,
        );
      }
      ask(address.href, listener.take);
    },
  };
  return { provider, given: () => ({ client: { ...client }, tokens: { ...tokens } }) };
}
