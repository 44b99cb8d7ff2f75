import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type { OAuthClientInformationMixed, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import type { ServerLogins } from '../../core/server-logins.js';
import { LoginNeeded } from './login-needed.js';

export interface LoginPlace {
  /** As the settings call the server. */
  readonly server: string;
  /** Where it is, with the values of variables. */
  readonly address: string;
  readonly logins: ServerLogins;
}

/**
 * What the SDK asks about a login that was kept, and the `fetch` for it: it sends the token, and gets another where that has
 * expired. It registers nothing and sends nobody to a browser: what needs either throws `LoginNeeded`.
 */
export function keptLogin(
  { server, address, logins }: LoginPlace,
  send: typeof fetch,
): { readonly provider: OAuthClientProvider; readonly fetch: typeof fetch } {
  let refused: string | undefined;
  /** The last `Authorization` that was not enough. */
  let turnedDown: string | null = null;
  let renewing: Promise<unknown> = Promise.resolve();
  // It is read each time: another process may have got new tokens, and with them the old ones end at many servers.
  const kept = () => logins.of(server, address);
  const tokens = () => kept()?.tokens as OAuthTokens | undefined;
  const needed = () => {
    throw new LoginNeeded(`${server} wants the user to log in`);
  };

  /** Has one more token for `used`, which is good once: at some servers the login ends when it comes twice. */
  async function renew(used: string, request: () => Promise<Response>): Promise<Response> {
    const now = tokens();
    // A call beside this one, or another process, has renewed it.
    const isRenewed = now?.refresh_token !== used || `Bearer ${now.access_token}` !== turnedDown;
    if (now && isRenewed) return Response.json(now);
    const response = await request();
    if (response.status === 400 || response.status === 401) refused = used;
    if (!response.ok) return response;
    const text = await response.text();
    const login = kept();
    const given = tokensIn(text);
    // Logged out meanwhile: then it stays so.
    if (login && given) logins.keep({ ...login, tokens: { ...login.tokens, ...given } });
    return new Response(text, response);
  }

  return {
    provider: {
      // Without one the SDK would take this for a program that logs in by itself.
      redirectUrl: 'http://127.0.0.1/',
      clientMetadata: { redirect_uris: [] },
      clientInformation: () => kept()?.client as OAuthClientInformationMixed | undefined,
      tokens() {
        const now = tokens();
        return now?.refresh_token !== undefined && now.refresh_token === refused ? undefined : now;
      },
      // They were kept before anybody else could ask for others.
      saveTokens() {},
      saveCodeVerifier() {},
      codeVerifier: needed,
      redirectToAuthorization: needed,
    },
    async fetch(input, init) {
      const request = () => send(input, init);
      const used = renewalIn(init);
      if (used !== undefined) {
        const renewed = renewing.then(() => renew(used, request));
        renewing = renewed.catch(() => {});
        return renewed;
      }
      const response = await request();
      const sent = new Headers(init?.headers).get('authorization');
      if (sent !== null && (response.status === 401 || response.status === 403)) turnedDown = sent;
      return response;
    },
  };
}

/** What a request for another token gives for it. */
function renewalIn(init: RequestInit | undefined): string | undefined {
  const { body } = init ?? {};
  if (!(body instanceof URLSearchParams) || body.get('grant_type') !== 'refresh_token') return undefined;
  return body.get('refresh_token') ?? undefined;
}

/** `undefined` where it is an error, which some servers answer with 200. */
function tokensIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const given = JSON.parse(text);
    return typeof given?.access_token === 'string' ? given : undefined;
  } catch {
    return undefined;
  }
}
