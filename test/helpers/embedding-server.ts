import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface EmbeddingRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: { model: string; input: string[]; dimensions?: number; encoding_format?: string };
}

export interface EmbeddingServer {
  /** Up to and with the version. */
  readonly baseURL: string;
  readonly requests: EmbeddingRequest[];
  /** Every text that was sent. */
  texts(): string[];
}

/** Answers a request instead of the vectors; `undefined` lets them come. */
export type Instead = (request: EmbeddingRequest, response: ServerResponse) => true | undefined;

/** What words are about: texts about the same lie near each other. */
const concepts = [/money|invoice|pay/i, /rain|weather/i, /read|open|file/i, /language|translate/i];

const vectorOf = (text: string) => [...concepts.map((one) => (one.test(text) ? 2 : 0)), 0.01];

/** A server on loopback that speaks the embeddings API of OpenAI; the data come in reverse order, each with its index. */
export async function startEmbeddingServer(instead: Instead = () => undefined): Promise<EmbeddingServer> {
  const requests: EmbeddingRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const request = {
      path: `${incoming.method} ${incoming.url}`,
      authorization: incoming.headers.authorization,
      body: JSON.parse(await textOf(incoming)),
    };
    requests.push(request);
    if (instead(request, response)) return;
    const { model, input } = request.body;
    if (
      request.path !== 'POST /v1/embeddings' ||
      input.some((text: string) => text === '') ||
      input.length > 100
    ) {
      return answer(response, 400, { error: { message: 'invalid input', type: 'invalid_request_error' } });
    }
    const data = input.map((text: string, index: number) => ({
      object: 'embedding',
      index,
      embedding: vectorOf(text),
    }));
    answer(response, 200, {
      object: 'list',
      data: data.reverse(),
      model,
      usage: { prompt_tokens: 1, total_tokens: 1 },
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    requests,
    texts: () => requests.flatMap(({ body }) => body.input),
  };
}

export function answer(response: ServerResponse, status: number, body: unknown, headers = {}): true {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
  return true;
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of incoming) text += chunk;
  return text;
}
