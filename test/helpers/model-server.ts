import { once, setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ProviderErrorKind } from '../../src/core/errors.js';
import { scriptOverText } from '../../src/providers/script.js';
import { anthropicError, anthropicPieces } from './model-server-anthropic.js';
import type { PromptCache } from './model-server-cache.js';
import { openAIError, openAIPieces } from './model-server-openai.js';
import { responsesPieces } from './model-server-responses.js';
import { sendAnswer } from './model-server-send.js';
import type { Piece, RecordedRequest, ServerScript, ServerStep } from './model-server-step.js';

export type { RecordedRequest, ServerScript, ServerStep } from './model-server-step.js';

export interface ModelServerOptions {
  /** 0 (the default) takes a free one. */
  readonly port?: number;
  /** What `GET /v1/models` lists. */
  readonly models?: readonly string[];
  /** Start the script over when it is at its end; else the server says that the script is over. */
  readonly repeat?: boolean;
  /** Counts tokens as a provider with this cache; else nothing is ever cached. A step's own usage goes first. */
  readonly cache?: PromptCache;
}

export interface ModelServer {
  /** `http://127.0.0.1:PORT`: the base URL of the Anthropic dialect. */
  readonly url: string;
  /** `http://127.0.0.1:PORT/v1`: the base URL of both OpenAI dialects. */
  readonly openAIUrl: string;
  /** Requests for answers, in order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** Every other request, `GET /v1/models` for example. */
  readonly otherRequests: readonly RecordedRequest[];
  /** How many connections clients have opened so far. */
  readonly connections: number;
  /** Resolves with request number `count` (from 1) as soon as it has arrived. */
  arrival(count: number): Promise<RecordedRequest>;
  close(): Promise<void>;
}

const errorStatus: Partial<Record<ProviderErrorKind, number>> = {
  authentication: 401,
  'rate-limit': 429,
  overloaded: 529,
  'context-length': 400,
  'invalid-request': 400,
};

const piecesOf = { anthropic: anthropicPieces, chat: openAIPieces, responses: responsesPieces };
type Dialect = keyof typeof piecesOf;

/** Clients of the OpenAI dialects have the version in their base URL, or not, or another one. */
function dialectOf(path: string): Dialect | undefined {
  if (path === '/v1/messages') return 'anthropic';
  if (path.endsWith('/chat/completions')) return 'chat';
  return path.endsWith('/responses') ? 'responses' : undefined;
}

/**
 * A loopback server that speaks the wire protocols of all three dialects from a script: one step for each
 * request, whichever path it came by. A single function instead of a list answers every request.
 */
export async function startModelServer(
  script: readonly ServerScript[] | Extract<ServerScript, (...all: never[]) => unknown>,
  options: ModelServerOptions = {},
): Promise<ModelServer> {
  const requests: RecordedRequest[] = [];
  const otherRequests: RecordedRequest[] = [];
  const waiting: { count: number; resolve: (request: RecordedRequest) => void }[] = [];
  const stopped = new AbortController();
  // Every answer that waits listens to it.
  setMaxListeners(0, stopped.signal);

  const stepNumber = async (number: number, request: RecordedRequest): Promise<ServerStep> => {
    const position = options.repeat && Array.isArray(script) ? number % script.length : number;
    const step = typeof script === 'function' ? script : script[position];
    if (step === undefined) return { text: scriptOverText };
    return typeof step === 'function' ? step(request.body, request) : step;
  };

  const server = createServer((message, response) => {
    answer(message, response).catch((error) => {
      // A script function that throws fails the request visibly instead of hanging the client.
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: `model-server: ${String(error)}` } }));
    });
  });

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const receivedAt = performance.timeOrigin + performance.now();
    const request = await record(message, response, receivedAt);
    const dialect = request.method === 'POST' ? dialectOf(request.path) : undefined;
    if (!dialect) {
      otherRequests.push(request);
      return answerOther(request, response, options.models ?? ['test-model']);
    }
    const number = requests.push(request) - 1;
    for (const one of waiting) if (one.count === number + 1) one.resolve(request);
    const asked = await stepNumber(number, request);
    const step = options.cache ? { ...asked, usage: cachedUsage(options.cache, asked, request) } : asked;
    if (step.stallBeforeHeaders || isBare(step, 'stalled')) return;
    if (isBare(step, 'network')) {
      message.socket.destroy();
      return;
    }
    const plain = plainAnswer(step, dialect);
    if (plain)
      return sendAnswer(response, plain.status, plain.type, [{ data: plain.data }], step, stopped.signal);
    const pieces = piecesOf[dialect](step, request, step.number ?? number);
    await sendAnswer(
      response,
      200,
      'text/event-stream; charset=utf-8',
      withFailure(pieces, step),
      step,
      stopped.signal,
    );
  }

  // On a busy machine five seconds pass between two requests, and who uses a connection then that is being closed is reset.
  server.keepAliveTimeout = 60_000;
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    openAIUrl: `${url}/v1`,
    requests,
    otherRequests,
    get connections() {
      return connections;
    },
    arrival(count) {
      const there = requests[count - 1];
      return there ? Promise.resolve(there) : new Promise((resolve) => waiting.push({ count, resolve }));
    },
    async close() {
      stopped.abort();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A request that is refused leaves the cache as it was. */
function cachedUsage(cache: PromptCache, step: ServerStep, request: RecordedRequest): ServerStep['usage'] {
  if (step.status !== undefined || step.error) return step.usage;
  return { ...cache.count(request, request.path === '/v1/messages'), ...step.usage };
}

async function record(
  message: IncomingMessage,
  response: ServerResponse,
  receivedAt: number,
): Promise<RecordedRequest> {
  const closed = once(response, 'close').then(() => ({ completed: response.writableFinished }));
  let rawBody = '';
  message.setEncoding('utf8');
  for await (const text of message) rawBody += text;
  let body: unknown;
  try {
    body = JSON.parse(rawBody);
  } catch {
    body = undefined;
  }
  const path = (message.url ?? '/').split('?')[0] ?? '/';
  return { method: message.method ?? '', path, headers: message.headers, body, rawBody, receivedAt, closed };
}

function answerOther(request: RecordedRequest, response: ServerResponse, models: readonly string[]): void {
  const found =
    request.method === 'GET' && /^(\/api|\/openai)?(\/v1|\/v1beta\/openai)?\/models$/.test(request.path);
  response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
  // Both dialects read `data[].id`; the rest of each one's fields does not disturb the other.
  const data = models.map((id) => ({ type: 'model', object: 'model', id, display_name: id, created: 0 }));
  const list = { object: 'list', data, has_more: false, first_id: models[0], last_id: models.at(-1) };
  response.end(JSON.stringify(found ? list : { error: { message: 'Not found', type: 'not_found_error' } }));
}

/** The step fails with `kind` before it has said anything. */
function isBare(step: ServerStep, kind: ProviderErrorKind): boolean {
  const says = step.text ?? step.thinking ?? step.redactedThinking ?? step.toolCalls;
  return step.error?.kind === kind && says === undefined;
}

/** An answer that is no stream of a model: a status, a body of the script's own, an error before the first word. */
function plainAnswer(
  step: ServerStep,
  dialect: Dialect,
): { status: number; type: string; data: string | Buffer } | undefined {
  if (step.status !== undefined || step.body !== undefined) {
    const { status = 200, body = '' } = step;
    const raw = typeof body === 'string' || Buffer.isBuffer(body) ? body : undefined;
    const type = raw !== undefined && status === 200 ? 'text/event-stream' : 'application/json';
    return { status, type, data: raw ?? JSON.stringify(body) };
  }
  if (!step.error || !isBare(step, step.error.kind)) return undefined;
  const { kind, message } = step.error;
  const status = errorStatus[kind];
  if (status === undefined)
    return { status: 200, type: 'text/event-stream', data: 'data: {"type": broken\n\n' };
  const body = dialect === 'anthropic' ? anthropicError(kind, message) : openAIError(kind, message);
  return { status, type: 'application/json', data: JSON.stringify(body) };
}

/** Turns an error after the first words into what such an error looks like on the wire. */
function* withFailure(pieces: Iterable<Piece>, step: ServerStep): Generator<Piece> {
  const kind = step.error?.kind;
  const list =
    kind === 'network' || kind === 'stalled' || kind === 'protocol' ? [...pieces].slice(0, -1) : pieces;
  yield* list;
  if (kind === 'protocol') yield { data: 'event: message_delta\ndata: {"type": broken\n\n' };
}
