import { expect } from 'vitest';
import { logsRequest, tracesRequest, type WireLogRecord, type WireSpan } from './otlp-schema.js';
import { type Sink, type SinkReply, type SinkRequest, startSink } from './sink.js';

export interface Collector extends Sink {
  /** Everything it took; reading fails the test when one request was not exactly what the protocol says. */
  spans(): WireSpan[];
  logRecords(): WireLogRecord[];
  resources(): unknown[];
}

/** An OTLP/HTTP receiver on loopback. It ends with the test. */
export async function startCollector(
  reply: (request: SinkRequest) => SinkReply = () => ({ body: '{}' }),
): Promise<Collector> {
  const sink = await startSink(reply);
  const bodies = (path: string) =>
    sink.requests.flatMap((request) => {
      expect(request.method).toBe('POST');
      expect(request.headers['content-type']).toBe('application/json');
      expect(['/v1/traces', '/v1/logs']).toContain(request.path);
      return request.path === path ? [JSON.parse(request.body) as unknown] : [];
    });
  const traces = () => bodies('/v1/traces').flatMap((body) => tracesRequest.parse(body).resourceSpans);
  const logs = () => bodies('/v1/logs').flatMap((body) => logsRequest.parse(body).resourceLogs);
  return {
    ...sink,
    spans: () => traces().flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
    logRecords: () => logs().flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords)),
    resources: () => [...traces(), ...logs()].map(({ resource }) => resource),
  };
}
