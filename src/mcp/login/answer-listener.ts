import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where a browser ends up after a login: this machine (RFC 8252, 7.3). */
export interface AnswerListener {
  /** The address that the browser is sent to. */
  readonly redirectUrl: string;
  /** The code that the login ended with. Rejects where it was refused. */
  readonly code: Promise<string>;
  /** Takes the address that a browser elsewhere ended on; `false` where it is not the answer to this login. */
  take(address: string): boolean;
  close(): void;
}

const PATH = '/callback';
/** Longer than any answer. */
const LONGEST = 16_384;
/** How long a browser may take to read the last page. */
const LAST_PAGE_MS = 1_000;

/** Listens on loopback alone, at a free port unless one is given. Rejects where that port is taken. */
export async function listenForAnswer(state: string, port = 0): Promise<AnswerListener> {
  let answered: (code: string) => void = () => {};
  let refused: (reason: Error) => void = () => {};
  const code = new Promise<string>((resolve, reject) => {
    [answered, refused] = [resolve, reject];
  });
  // Whoever waits for it may not have begun to.
  code.catch(() => {});
  const take = (address: string): boolean => {
    const given = queryOf(address);
    // Any page can lead a browser here: only who was given the state speaks for this login.
    if (given?.get('state') !== state) return false;
    const one = given.get('code');
    if (one) answered(one);
    else refused(new Error(`the login was refused (${given.get('error') ?? 'no reason was given'})`));
    return true;
  };
  const server = createServer(({ method, url = '' }, response) => {
    const isAnswer = method === 'GET' && url.startsWith(`${PATH}?`) && take(`http://127.0.0.1${url}`);
    page(response, isAnswer);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    redirectUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`,
    code,
    take,
    close() {
      server.close();
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), LAST_PAGE_MS).unref();
    },
  };
}

function queryOf(address: string): URLSearchParams | undefined {
  const text = address.trim();
  return text.length <= LONGEST && URL.canParse(text) ? new URL(text).searchParams : undefined;
}

/** Nothing of what was asked stands in it. */
function page(response: ServerResponse, isAnswer: boolean): void {
  const text = isAnswer
    ? 'Victor has the answer. You can close this page and go back to the terminal.'
    : 'This is no answer to a login that Victor waits for.';
  response.writeHead(isAnswer ? 200 : 400, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'",
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    connection: 'close',
  });
  response.end(`<!doctype html><title>Victor</title><p>${text}</p>\n`);
}
