import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnalyticsEvent } from '../../src/core/extension.js';
import {
  createPrometheusPushgatewayExporter,
  type PrometheusPushgatewayExporterOptions,
} from '../../src/exporters/prometheus-pushgateway.js';
import { type Pushgateway, pushgatewayAvailable, startPushgateway } from '../helpers/pushgateway.js';
import { startSink } from './sink.js';

let ids = 0;
const event = (type: string, data: AnalyticsEvent['data'] = {}): AnalyticsEvent => ({
  id: `p${++ids}`,
  sessionId: 's1',
  type,
  data,
  timestamp: 1_700_000_000_000,
});
const request = (model: string, costUsd: number | null, durationMs = 1_200) =>
  event('request_end', {
    provider: 'anthropic',
    model,
    inputTokens: 100,
    outputTokens: 20,
    cacheReadTokens: 3,
    cacheWriteTokens: 0,
    costUsd,
    stopReason: 'end',
    durationMs,
  });
const toolResult = (tool: string, more: AnalyticsEvent['data'] = {}) =>
  event('tool_result', { tool, isError: false, denied: false, durationMs: 30, ...more });

describe.skipIf(!pushgatewayAvailable)('prometheus-pushgateway exporter', () => {
  let gateway: Pushgateway;
  beforeAll(async () => {
    gateway = await startPushgateway();
  });
  afterAll(() => gateway?.stop());

  const make = (
    instance: string,
    more: Partial<PrometheusPushgatewayExporterOptions> = {},
    environment: Record<string, string> = {},
  ) => createPrometheusPushgatewayExporter({ url: gateway.url, instance, ...more }, environment);
  /** The samples of one instance as Prometheus would scrape them, without the labels of the group: series -> value. */
  async function scraped(instance: string, job = 'victor'): Promise<Record<string, number>> {
    const samples: Record<string, number> = {};
    for (const line of (await gateway.metrics()).split('\n')) {
      const [, name, labels = '', value] = /^(\w+)\{(.*)\} (\S+)$/.exec(line) ?? [];
      const own: readonly string[] = labels.match(/\w+="(?:[^"\\]|\\.)*"/g) ?? [];
      if (!name?.startsWith('victor_') || !own.includes(`instance="${instance}"`)) continue;
      expect(own).toContain(`job="${job}"`);
      const rest = own.filter((label) => !/^(instance|job)=/.test(label));
      samples[`${name}{${rest.join(',')}}`] = Number(value);
    }
    return samples;
  }

  it('the gateway shows counters and histograms with the values of the events', async () => {
    const events = [
      event('session_open', { resumed: false, messages: 0 }),
      event('turn_start', { provider: 'anthropic', model: 'm', mode: 'ask' }),
      request('m', 0.25),
      request('m', null, 40),
      toolResult('Read'),
      toolResult('Bash', { isError: true, durationMs: 700 }),
      toolResult('Bash', { isError: true, denied: true, durationMs: 0 }),
      event('request_retry', { provider: 'anthropic', attempt: 1, waitMs: 5, code: 'provider-overloaded' }),
      event('compaction', { strategy: 'recent', automatic: true }),
      event('extension_failure', { kind: 'exporter', name: 'webhook' }),
      event('turn_end', { reason: 'end', totalTokens: 246, costUsd: null, durationMs: 1_500 }),
      event('turn_error', { code: 'provider-network' }),
    ];
    expect(await make('values').export(events)).toEqual({ success: true, exportedCount: events.length });
    const samples = await scraped('values');
    expect(samples).toMatchObject({
      'victor_turns_total{outcome="end"}': 1,
      'victor_turns_total{outcome="error"}': 1,
      'victor_turn_errors_total{code="provider-network"}': 1,
      'victor_tool_calls_total{outcome="success",tool="Read"}': 1,
      'victor_tool_calls_total{outcome="error",tool="Bash"}': 1,
      'victor_tool_calls_total{outcome="denied",tool="Bash"}': 1,
      'victor_tokens_total{model="m",type="input"}': 200,
      'victor_tokens_total{model="m",type="output"}': 40,
      'victor_tokens_total{model="m",type="cache_read"}': 6,
      'victor_tokens_total{model="m",type="cache_write"}': 0,
      'victor_cost_usd_total{model="m"}': 0.25,
      'victor_unpriced_requests_total{model="m"}': 1,
      'victor_request_retries_total{code="provider-overloaded",provider="anthropic"}': 1,
      'victor_compactions_total{strategy="recent"}': 1,
      'victor_extension_failures_total{kind="exporter",name="webhook"}': 1,
      'victor_events_total{type="tool_result"}': 3,
      'victor_events_total{type="session_open"}': 1,
      'victor_request_duration_seconds_count{model="m",provider="anthropic"}': 2,
      'victor_request_duration_seconds_sum{model="m",provider="anthropic"}': 1.24,
      'victor_request_duration_seconds_bucket{model="m",provider="anthropic",le="0.01"}': 0,
      'victor_request_duration_seconds_bucket{model="m",provider="anthropic",le="0.05"}': 1,
      'victor_request_duration_seconds_bucket{model="m",provider="anthropic",le="1"}': 1,
      'victor_request_duration_seconds_bucket{model="m",provider="anthropic",le="2.5"}': 2,
      'victor_request_duration_seconds_bucket{model="m",provider="anthropic",le="+Inf"}': 2,
      // A call that was denied did not run, so it has no duration.
      'victor_tool_duration_seconds_count{tool="Bash"}': 1,
      'victor_tool_duration_seconds_sum{tool="Bash"}': 0.7,
      'victor_turn_duration_seconds_bucket{le="2.5"}': 1,
      'victor_turn_duration_seconds_count{}': 1,
    });
    const text = await gateway.metrics();
    expect(text).toMatch(/^# TYPE victor_turns_total counter$/m);
    expect(text).toMatch(/^# TYPE victor_request_duration_seconds histogram$/m);
  });

  it('X06: two processes that push by turns under one key lose none of their counts', async () => {
    const [one, two] = [make('by-turns'), make('by-turns')];
    for (let round = 0; round < 3; round += 1) {
      await one.export([toolResult('Read'), toolResult('Read')]);
      await two.export([toolResult('Read')]);
    }
    expect((await scraped('by-turns'))['victor_tool_calls_total{outcome="success",tool="Read"}']).toBe(9);
    await one.close?.();
    expect(Object.keys(await scraped('by-turns'))).not.toEqual([]);
  });

  it('X06: a push that arrived although its answer did not counts once', async () => {
    let lose = true;
    let held = '';
    const sink = await startSink(({ method, body }) => {
      if (method === 'GET') return { body: held };
      const total = /victor_events_total\{type="tool_result"\} (\d+)/.exec(body)?.[1];
      const metrics = [{ labels: { type: 'tool_result' }, value: total }];
      const labels = { job: 'victor', instance: 'i' };
      held = JSON.stringify({ data: [{ labels, victor_events_total: { metrics } }] });
      const afterMs = lose ? Number.POSITIVE_INFINITY : 0;
      lose = false;
      return { afterMs };
    });
    const exporter = createPrometheusPushgatewayExporter({ url: sink.url, instance: 'i', timeoutMs: 1_500 });
    const [first, second] = [toolResult('Read'), toolResult('Read')];
    expect(await exporter.export([first])).toMatchObject({ success: false });
    expect(await exporter.export([first, second])).toMatchObject({ success: true });
    expect(sink.requests.at(-1)?.body).toContain('victor_events_total{type="tool_result"} 2\n');
  });

  it("X06: with deleteOnClose its counts, and nobody else's, leave the gateway when it is closed", async () => {
    const leaves = make('leaves', { deleteOnClose: true });
    const stays = make('stays');
    for (const exporter of [leaves, stays]) await exporter.export([toolResult('Read')]);
    expect(Object.keys(await scraped('leaves'))).not.toEqual([]);
    await leaves.close?.();
    await stays.close?.();
    expect(Object.keys(await scraped('leaves'))).toEqual([]);
    expect(Object.keys(await scraped('stays'))).not.toEqual([]);
  });

  it('X06: a second push replaces the first with what grew, and an event that comes again counts once', async () => {
    const exporter = make('grows');
    const [first, second] = [toolResult('Read'), toolResult('Read')];
    await exporter.export([first]);
    await exporter.export([first, second]);
    await exporter.export([second]);
    const samples = await scraped('grows');
    expect(samples['victor_tool_calls_total{outcome="success",tool="Read"}']).toBe(2);
    expect(samples['victor_events_total{type="tool_result"}']).toBe(2);
  });

  it('the next process goes on from what the last one pushed, and other instances are left alone', async () => {
    const events = () => [
      request('m"\\', 0.5),
      toolResult('Read', { durationMs: 700_000 }),
      event('turn_end'),
    ];
    await make('long-lived').export(events());
    await make('long-lived-too').export(events());
    const first = await scraped('long-lived');
    for (let process = 2; process <= 3; process += 1) {
      const exporter = make('long-lived');
      await exporter.export(events().slice(0, 1));
      await exporter.export(events().slice(1));
    }
    const tripled = Object.entries(first).map(([series, value]) => [series, value * 3]);
    const third = await scraped('long-lived');
    expect(Object.keys(third).sort()).toEqual(Object.keys(first).sort());
    for (const [series, value] of tripled) expect(third[series as string]).toBeCloseTo(value as number, 9);
    expect(await scraped('long-lived-too')).toEqual(
      Object.fromEntries(
        Object.entries(first).map(([series, value]) => [
          series.replace('long-lived', 'long-lived-too'),
          value,
        ]),
      ),
    );
  });

  it.each([
    ['404', { status: 404 }],
    ['no JSON', { body: 'metrics' }],
    [
      'another shape',
      { body: '{"data":[{"labels":{"job":"victor","instance":"i"},"victor_events_total":7}]}' },
    ],
    [
      'values that are no measures',
      {
        body: '{"data":[{"labels":{"job":"victor","instance":"i"},"victor_events_total":{"metrics":[{"labels":{"type":"tool_result"},"value":"-9"},{"labels":{"type":"tool_result"},"value":"NaN"},null]}}]}',
      },
    ],
  ])(
    'a gateway that answers the question for earlier values with %s is pushed to all the same',
    async (_, reply) => {
      const sink = await startSink(({ method }) => (method === 'GET' ? reply : {}));
      const exporter = createPrometheusPushgatewayExporter({ url: sink.url, instance: 'i' });
      expect(await exporter.export([toolResult('Read')])).toEqual({ success: true, exportedCount: 1 });
      expect(await exporter.export([toolResult('Read')])).toEqual({ success: true, exportedCount: 1 });
      // Asked each time, because another process may have pushed since.
      expect(sink.requests.map(({ method }) => method)).toEqual(['GET', 'PUT', 'GET', 'PUT']);
      expect(sink.requests.at(-1)?.body).toContain('victor_events_total{type="tool_result"} 2\n');
    },
  );

  it('what could not be pushed is in the next push, once', async () => {
    let down = true;
    const bodies: string[] = [];
    const sink = await startSink(({ body }) => {
      bodies.push(body);
      return { status: down ? 500 : 200 };
    });
    const exporter = createPrometheusPushgatewayExporter({ url: sink.url });
    const one = toolResult('Read');
    expect(await exporter.export([one])).toEqual({
      success: false,
      exportedCount: 0,
      error: `${sink.host} answered 500`,
    });
    down = false;
    expect(await exporter.export([one, toolResult('Read')])).toEqual({ success: true, exportedCount: 2 });
    expect(bodies.at(-1)).toContain('victor_events_total{type="tool_result"} 2\n');
  });

  it('exports that run at once are pushed one after the other, so that no older state comes last', async () => {
    const exporter = make('at-once');
    const results = await Promise.all(
      Array.from({ length: 20 }, () => exporter.export([toolResult('Read')])),
    );
    expect(results.every(({ success }) => success)).toBe(true);
    expect((await scraped('at-once'))['victor_events_total{type="tool_result"}']).toBe(20);

    const sink = await startSink(() => ({ afterMs: 20 }));
    const slow = createPrometheusPushgatewayExporter({ url: sink.url });
    const [first] = [1, 2, 3].map(() => slow.export([toolResult('Read')]));
    await first;
    expect(sink.requests.map(({ method }) => method)).toEqual(['GET', 'PUT']);
  });

  it('X06: instances and jobs stand beside each other, whatever is in their names', async () => {
    const names = ['plain', 'a/b', '..', 'ü ö', 'x?y#z%41', 'quote"back\\slash'];
    for (const name of names) await make(name, { job: `job of ${name}` }).export([toolResult('Read')]);
    for (const name of names) {
      const written = name.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
      const samples = await scraped(written, `job of ${written}`);
      expect(samples['victor_events_total{type="tool_result"}']).toBe(1);
    }
  });

  it('the instance may name an environment variable, and is this machine when absent', async () => {
    await make(`ci-\${RUN}`, {}, { RUN: '7' }).export([toolResult('Read')]);
    expect(await scraped('ci-7')).toMatchObject({ 'victor_events_total{type="tool_result"}': 1 });
    await createPrometheusPushgatewayExporter({ url: `${gateway.url}/` }).export([toolResult('Read')]);
    expect(await scraped(hostname())).toMatchObject({ 'victor_events_total{type="tool_result"}': 1 });
  });

  it('X06: any text is a label the gateway takes, and texts that are equal on the wire are one series', async () => {
    const exporter = make('labels');
    const tools = ['a"b', 'a\\b', 'a\nb', '{}=,', '', '\ud800', '\ud801', 'é😀', 'l'.repeat(5_000)];
    expect(await exporter.export(tools.map((tool) => toolResult(tool)))).toMatchObject({ success: true });
    const samples = await scraped('labels');
    const calls = Object.keys(samples).filter((series) => series.startsWith('victor_tool_calls_total'));
    expect(calls).toHaveLength(tools.length - 1);
    expect(samples).toMatchObject({
      'victor_tool_calls_total{outcome="success",tool="a\\"b"}': 1,
      'victor_tool_calls_total{outcome="success",tool="a\\\\b"}': 1,
      'victor_tool_calls_total{outcome="success",tool="a\\nb"}': 1,
      'victor_tool_calls_total{outcome="success",tool="\ufffd"}': 2,
    });
    expect(Math.max(...calls.map(({ length }) => length))).toBeLessThan(200);
  });

  it('K10: a flood of names is bounded: a metric has fewer than a hundred series, and nothing is lost', async () => {
    const exporter = make('flood');
    const flood = Array.from({ length: 1_000 }, (_, index) => toolResult(`tool-${index}`));
    await exporter.export(flood);
    const calls = Object.entries(await scraped('flood')).filter(([series]) =>
      series.startsWith('victor_tool_calls_total'),
    );
    expect(calls).toHaveLength(99);
    expect(calls.reduce((sum, [, value]) => sum + value, 0)).toBe(1_000);
    expect(Object.fromEntries(calls)['victor_tool_calls_total{outcome="other",tool="other"}']).toBe(902);
  });

  it('values that are no measure change nothing', async () => {
    const exporter = make('nonsense');
    await exporter.export([
      request('m', -5, Number.NaN),
      event('request_end', { inputTokens: 'many', costUsd: true }),
      event('turn_end'),
    ]);
    const samples = await scraped('nonsense');
    expect(samples).not.toHaveProperty('victor_cost_usd_total{model="m"}');
    expect(samples).toMatchObject({
      'victor_tokens_total{model="m",type="input"}': 100,
      'victor_turns_total{outcome="unknown"}': 1,
      'victor_events_total{type="request_end"}': 2,
    });
    expect(Object.values(samples).every((value) => value >= 0)).toBe(true);
  });

  it('pushes nothing for no events, and close ends a push that is under way', async () => {
    const sink = await startSink(() => ({ afterMs: Number.POSITIVE_INFINITY }));
    const exporter = createPrometheusPushgatewayExporter({ url: sink.url });
    expect(await exporter.export([])).toEqual({ success: true, exportedCount: 0 });
    expect(sink.requests).toEqual([]);
    const pushed = exporter.export([toolResult('Read')]);
    await expect.poll(() => sink.requests.length).toBe(1);
    await exporter.close?.();
    expect(await pushed).toMatchObject({ success: false, exportedCount: 0 });
  });

  it.each([
    [{}, /needs "url"/],
    [{ url: 'localhost:9091' }, /url: expected an address/],
    [{ url: 'http://a', job: '' }, /job: expected a name/],
    [{ url: 'http://a', jobName: 'x' }, /no option "jobName"/],
  ])('is not made from %j', (options, text) => {
    const make = () =>
      createPrometheusPushgatewayExporter(options as unknown as PrometheusPushgatewayExporterOptions);
    expect(make).toThrow(text);
  });
});
