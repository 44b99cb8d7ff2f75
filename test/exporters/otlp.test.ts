import { describe, expect, it } from 'vitest';
import type { AnalyticsEvent } from '../../src/core/extension.js';
import { createOtlpExporter, type OtlpExporterOptions } from '../../src/exporters/otlp.js';
import { startCollector } from './collector.js';
import { events as oddEvents } from './events.js';
import { plain } from './otlp-schema.js';

const START = 1_700_000_000_000;

/** A turn of one session as analytics see it: start, a request, two tool calls, a compaction, end. */
function turn(name: string, sessionId = 's1'): AnalyticsEvent[] {
  const at = (offsetMs: number, type: string, data: AnalyticsEvent['data']): AnalyticsEvent => ({
    id: `${name}-${type}-${offsetMs}`,
    sessionId,
    type,
    data,
    timestamp: START + offsetMs,
  });
  const model = { provider: 'anthropic', model: 'claude-x' };
  return [
    at(0, 'turn_start', { ...model, mode: 'ask' }),
    at(1_000, 'request_end', {
      ...model,
      inputTokens: 100,
      outputTokens: 20,
      cacheReadTokens: 30,
      cacheWriteTokens: 5,
      costUsd: 0.0125,
      stopReason: 'tool-calls',
      durationMs: 900,
    }),
    at(1_100, 'tool_result', { tool: 'Read', isError: false, denied: false, durationMs: 40 }),
    at(1_200, 'tool_result', { tool: 'Bash', isError: true, denied: true, durationMs: 0 }),
    at(1_300, 'compaction', { strategy: 'recent', automatic: true, messagesBefore: 40, tokensAfter: 7 }),
    at(2_000, 'turn_end', { ...model, reason: 'end', totalTokens: 155, costUsd: null, durationMs: 2_000 }),
  ];
}

describe('otlp exporter', () => {
  it('requests, tool calls and turns are spans with the names of the conventions', async () => {
    const collector = await startCollector();
    const exporter = createOtlpExporter({ endpoint: `${collector.url}/`, serviceName: 'team-victor' });
    expect(await exporter.export(turn('a'))).toEqual({ success: true, exportedCount: 6 });
    const spans = collector.spans();
    expect(spans.map(({ name, kind }) => [name, kind])).toEqual([
      ['chat claude-x', 3],
      ['execute_tool Read', 1],
      ['execute_tool Bash', 1],
      ['invoke_agent victor', 1],
    ]);
    const [chat, read, bash, agent] = spans;
    expect(plain(chat!.attributes)).toEqual({
      'gen_ai.conversation.id': 's1',
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': 'claude-x',
      // The conventions count cached tokens as input too.
      'gen_ai.usage.input_tokens': 135,
      'gen_ai.usage.output_tokens': 20,
      'gen_ai.usage.cache_read.input_tokens': 30,
      'gen_ai.usage.cache_creation.input_tokens': 5,
      'gen_ai.response.finish_reasons': ['tool-calls'],
      'victor.cost_usd': 0.0125,
    });
    expect(chat).toMatchObject({
      startTimeUnixNano: '1700000000100000000',
      endTimeUnixNano: '1700000001000000000',
    });
    expect(plain(read!.attributes)).toEqual({
      'gen_ai.conversation.id': 's1',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'Read',
      'gen_ai.tool.type': 'function',
    });
    expect(read).not.toHaveProperty('status');
    expect(bash).toMatchObject({ status: { code: 2 } });
    expect(plain(bash!.attributes)).toMatchObject({ 'error.type': 'denied' });
    expect(plain(agent!.attributes)).toEqual({
      'gen_ai.conversation.id': 's1',
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'victor',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': 'claude-x',
      'victor.turn.reason': 'end',
      'victor.turn.total_tokens': 155,
    });
    expect(collector.resources()).toEqual([
      { attributes: [{ key: 'service.name', value: { stringValue: 'team-victor' } }] },
      { attributes: [{ key: 'service.name', value: { stringValue: 'team-victor' } }] },
    ]);
  });

  it('a turn is one trace with its span as the root, and another turn is another trace', async () => {
    const collector = await startCollector();
    await createOtlpExporter({ endpoint: collector.url }).export([
      ...turn('a'),
      ...turn('b'),
      ...turn('a', 's2'),
    ]);
    const spans = collector.spans();
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined);
    expect(roots.map(({ name }) => name)).toEqual(Array(3).fill('invoke_agent victor'));
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(3);
    for (const root of roots) {
      const trace = spans.filter(({ traceId }) => traceId === root.traceId);
      expect(trace).toHaveLength(4);
      const children = trace.filter((span) => span !== root);
      expect(children.map(({ parentSpanId }) => parentSpanId)).toEqual(Array(3).fill(root.spanId));
    }
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
  });

  it('what has no duration is a log record in the trace of its turn', async () => {
    const collector = await startCollector();
    const opened = {
      id: 'o',
      sessionId: 's1',
      type: 'session_open',
      data: { resumed: false },
      timestamp: START,
    };
    await createOtlpExporter({ endpoint: collector.url }).export([
      opened,
      ...turn('a'),
      { ...opened, id: 'f', type: 'extension_failure', data: { kind: 'exporter', name: 'webhook' } },
    ]);
    const records = collector.logRecords();
    expect(records.map(({ eventName, severityNumber }) => [eventName, severityNumber])).toEqual([
      ['victor.session_open', 9],
      ['victor.turn_start', 9],
      ['victor.compaction', 9],
      ['victor.extension_failure', 13],
    ]);
    const compaction = records[2]!;
    expect(plain(compaction.attributes)).toEqual({
      'victor.strategy': 'recent',
      'victor.automatic': true,
      'victor.messages_before': 40,
      'victor.tokens_after': 7,
      'gen_ai.conversation.id': 's1',
      'log.record.uid': 'a-compaction-1300',
    });
    const root = collector.spans().find(({ name }) => name === 'invoke_agent victor')!;
    expect(compaction).toMatchObject({ traceId: root.traceId, spanId: root.spanId });
    // Before and behind a turn there is none to belong to.
    expect(records[0]).not.toHaveProperty('spanId');
    expect(records[3]).not.toHaveProperty('spanId');
  });

  it('what comes again, also after a failure and from another process, is the same spans', async () => {
    let down = true;
    const collector = await startCollector(() => ({ status: down ? 503 : 200 }));
    const exporter = createOtlpExporter({ endpoint: collector.url });
    const all = turn('a');
    expect(await exporter.export(all.slice(0, 3))).toMatchObject({ success: false, exportedCount: 0 });
    down = false;
    await exporter.export(all);
    await createOtlpExporter({ endpoint: collector.url }).export(all);
    const spans = collector.spans().slice(2);
    expect(spans).toHaveLength(8);
    expect(spans.slice(4)).toEqual(spans.slice(0, 4));
  });

  it('a turn that is delivered in pieces is still one trace', async () => {
    const collector = await startCollector();
    const exporter = createOtlpExporter({ endpoint: collector.url });
    await Promise.all(turn('a').map((event) => exporter.export([event])));
    const spans = collector.spans();
    expect(spans).toHaveLength(4);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(spans.filter(({ parentSpanId }) => parentSpanId === undefined)).toHaveLength(1);
  });

  it('a turn that failed is a span with its code, from its start', async () => {
    const collector = await startCollector();
    const failed = {
      id: 'x',
      sessionId: 's1',
      type: 'turn_error',
      data: { code: 'provider-network' },
      timestamp: START + 500,
    };
    await createOtlpExporter({ endpoint: collector.url }).export([turn('a')[0]!, failed]);
    const [span] = collector.spans();
    expect(span).toMatchObject({
      name: 'invoke_agent victor',
      status: { code: 2 },
      startTimeUnixNano: `${START}000000`,
      endTimeUnixNano: `${START + 500}000000`,
    });
    expect(plain(span!.attributes)).toMatchObject({
      'error.type': 'provider-network',
      'gen_ai.request.model': 'claude-x',
    });
  });

  it('what a collector rejects in part is not sent again, and is said', async () => {
    const body = JSON.stringify({
      partialSuccess: { rejectedSpans: '3', errorMessage: 'quota\nexceeded' },
    });
    const collector = await startCollector(({ path }) => (path === '/v1/traces' ? { body } : {}));
    expect(await createOtlpExporter({ endpoint: collector.url }).export(turn('a'))).toEqual({
      success: true,
      exportedCount: 3,
      rejectedCount: 3,
      error: '3 rejected: quota exceeded',
    });
  });

  it.each(['', 'null', '[]', 'no JSON', '{"partialSuccess":{}}', '{"partialSuccess":null}'])(
    'takes %j as an answer without rejections',
    async (body) => {
      const collector = await startCollector(() => ({ body }));
      expect(await createOtlpExporter({ endpoint: collector.url }).export(turn('a'))).toEqual({
        success: true,
        exportedCount: 6,
      });
    },
  );

  it('sends only the signals that are wanted', async () => {
    const collector = await startCollector();
    const exporter = createOtlpExporter({ endpoint: collector.url, signals: ['traces'] });
    expect(await exporter.export(turn('a'))).toEqual({ success: true, exportedCount: 4 });
    expect(collector.requests.map(({ path }) => path)).toEqual(['/v1/traces']);
  });

  it('when one signal fails, says how many of the other were taken', async () => {
    const collector = await startCollector(({ path }) => ({ status: path === '/v1/logs' ? 404 : 200 }));
    expect(await createOtlpExporter({ endpoint: collector.url }).export(turn('a'))).toEqual({
      success: false,
      exportedCount: 4,
      error: `${collector.host} answered 404`,
    });
  });

  it('events with odd or missing data are valid all the same', async () => {
    const collector = await startCollector();
    const bare = ['turn_end', 'turn_error', 'request_end', 'tool_result', 'own_event'].map((type, index) => ({
      id: `b${index}`,
      sessionId: '',
      type,
      data: { durationMs: 'long', huge: 1e300, nan: Number.NaN, nothing: null },
      timestamp: START,
    }));
    const exporter = createOtlpExporter({ endpoint: collector.url });
    expect(await exporter.export([...oddEvents, ...bare])).toEqual({ success: true, exportedCount: 8 });
    expect(collector.spans().length + collector.logRecords().length).toBe(8);
  });

  it('bounds a request to 500 records', async () => {
    const collector = await startCollector();
    const many = Array.from({ length: 600 }, (_, index) => ({ ...turn('a')[2]!, id: `t${index}` }));
    await createOtlpExporter({ endpoint: collector.url }).export(many);
    expect(collector.requests).toHaveLength(2);
    expect(collector.spans()).toHaveLength(600);
  });

  it('sends the headers of the options, with secrets from the environment', async () => {
    const collector = await startCollector();
    const headers = { 'x-api-key': `\${OTLP_KEY}` };
    await createOtlpExporter({ endpoint: collector.url, headers }, { OTLP_KEY: 's3cret' }).export(turn('a'));
    expect(collector.requests.map((request) => request.headers['x-api-key'])).toEqual(['s3cret', 's3cret']);
  });

  it('sends nothing for no events, and close ends a request that is under way', async () => {
    const collector = await startCollector(() => ({ afterMs: Number.POSITIVE_INFINITY }));
    const exporter = createOtlpExporter({ endpoint: collector.url });
    expect(await exporter.export([])).toEqual({ success: true, exportedCount: 0 });
    expect(collector.requests).toEqual([]);
    const result = exporter.export(turn('a'));
    await expect.poll(() => collector.requests.length).toBe(1);
    await exporter.close?.();
    expect(await result).toMatchObject({ success: false, error: expect.stringContaining('aborted') });
  });

  it.each([
    [{}, /needs "endpoint"/],
    [{ endpoint: 'grpc://a' }, /endpoint: expected an address/],
    [{ endpoint: 'http://a', signals: [] }, /signals: expected traces, logs or both/],
    [{ endpoint: 'http://a', signals: ['logs', 'logs'] }, /signals: one of them stands there twice/],
    [{ endpoint: 'http://a', signals: ['metrics'] }, /signals\.0: .*"traces"\|"logs"/],
    [{ endpoint: 'http://a', protocol: 'grpc' }, /no option "protocol"/],
  ])('is not made from %j', (options, text) => {
    expect(() => createOtlpExporter(options as OtlpExporterOptions)).toThrow(text);
  });
});
