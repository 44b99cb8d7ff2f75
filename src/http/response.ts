import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import type { HttpHeaders } from './headers.js';

/** Of bodies that are read whole, in bytes: errors and model lists. */
const LARGEST_BODY = 16 * 1024 * 1024;

/** The answer to one request: what the SDKs use of the platform's `Response`. */
export class HttpResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: HttpHeaders;
  readonly url: string;
  readonly body: Readable;

  constructor(
    message: Pick<IncomingMessage, 'statusCode' | 'statusMessage'>,
    headers: HttpHeaders,
    body: Readable,
    url: string,
  ) {
    this.status = message.statusCode ?? 0;
    this.statusText = message.statusMessage ?? '';
    this.headers = headers;
    this.url = url;
    this.body = body;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  async text(): Promise<string> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of this.body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > LARGEST_BODY) throw new RangeError(`The answer is longer than ${LARGEST_BODY} bytes.`);
      chunks.push(chunk);
    }
    return new TextDecoder().decode(Buffer.concat(chunks));
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }
}

/** The body without the compression that nobody asked for and some proxies apply; pieces are passed on as they come. */
export function decoded(message: IncomingMessage, headers: HttpHeaders): Readable {
  if (!/^(x-)?gzip$/.test(headers.get('content-encoding') ?? '')) return message;
  const gunzip = createGunzip({ flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH });
  // What breaks reaches the reader through the decoder.
  return pipeline(message, gunzip, () => {});
}
