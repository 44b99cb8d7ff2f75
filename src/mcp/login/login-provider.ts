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
 * What the SDK asks about a login that was kept: it sends the token, and gets another where that has expired. It registers
 * nothing and sends nobody to a browser: what needs either throws `LoginNeeded`.
 */
export function loginProvider({ server, address, logins }: LoginPlace): OAuthClientProvider {
  let sent: string | undefined;
  let refused: string | undefined;
  // It is read each time: another process may have got new tokens, and with them the old ones end at many servers.
  const kept = () => logins.of(server, address);
  const needed = () => {
    throw new LoginNeeded(`${server} wants the user to log in`);
  };
  return {
    // Without one the SDK would take this for a program that logs in by itself.
    redirectUrl: 'http://127.0.0.1/',
    clientMetadata: { redirect_uris: [] },
    clientInformation: () => kept()?.client as OAuthClientInformationMixed | undefined,
    tokens() {
      const tokens = kept()?.tokens as OAuthTokens | undefined;
      if (tokens?.refresh_token !== undefined && tokens.refresh_token === refused) return undefined;
      sent = tokens?.refresh_token;
      return tokens;
    },
    saveTokens(tokens) {
      const login = kept();
      // Logged out meanwhile: then it stays so.
      if (login) logins.keep({ ...login, tokens: { ...tokens } });
    },
    invalidateCredentials() {
      refused = sent;
    },
    saveCodeVerifier() {},
    codeVerifier: needed,
    redirectToAuthorization: needed,
  };
}
