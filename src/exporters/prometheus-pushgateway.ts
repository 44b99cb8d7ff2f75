import { hostname } from 'node:os';
import * as z from 'zod';
import type { AnalyticsEvent, AnalyticsExporter, ExportResult } from '../core/extension.js';
import { exporterId } from '../delivery/exporter-id.js';
import type { Refused } from '../http/internal-address.js';
import { checkOptions } from './check-options.js';
import { type Environment, withVariables } from './environment-variables.js';
import { countEvent, eventCount, eventMetrics } from './event-metrics.js';
import { delivered, notDelivered } from './export-result.js';
import { below, checkWorkspaceAddress, deliver, httpAddress, httpOptions, reach } from './http-delivery.js';
import { MetricRegistry } from './metric-registry.js';
import { addPushedBefore } from './pushed-before.js';

export const optionsSchema = z.strictObject({
  url: httpAddress,
  job: z.string().min(1, 'expected a name').default('victor'),
  /**
   * Who pushes; the name of this machine when absent. Processes that do not share a database, as on another machine, need
   * one each, or they replace each other's counts. May hold `${NAME}`, which stands for an environment variable.
   */
  instance: z.string().min(1, 'expected a name').optional(),
  /** Takes the counts off the gateway when the process ends; nobody else ever does. What was not scraped by then is lost. */
  deleteOnClose: z.boolean().default(false),
  ...httpOptions,
});

export type PrometheusPushgatewayExporterOptions = z.input<typeof optionsSchema>;

/** Ids that are remembered, so that an event that comes again counts once. More than ever wait for one exporter. */
const MAX_IDS = 20_000;

/**
 * Counts events for the life of the process and pushes all counts to a Prometheus Pushgateway, which keeps them for
 * Prometheus: `PUT /metrics/job/JOB/instance/INSTANCE`, so that each push replaces the one before. Counts stay there
 * when the process ends, and each push goes on from what another process has made of them, or only the last would be seen.
 */
export function createPrometheusPushgatewayExporter(
  given: PrometheusPushgatewayExporterOptions,
  environment: Environment = process.env,
  { refused }: { readonly refused?: Refused } = {},
): AnalyticsExporter {
  const options = checkOptions('prometheus-pushgateway', optionsSchema, given);
  checkWorkspaceAddress('prometheus-pushgateway', options.url, refused);
  const { headers, timeoutMs } = options;
  let registry = new MetricRegistry();
  const counted = new Set<string>();
  /** In the registry, and not yet in a push that succeeded. */
  let unconfirmed: AnalyticsEvent[] = [];
  /** What a push that failed would have made of the count of events; it may have arrived all the same. */
  let attempted: number | undefined;
  const closing = new AbortController();
  let pushing: Promise<unknown> = Promise.resolve();
  const common = { headers, environment, timeoutMs, refused };

  function count(events: readonly AnalyticsEvent[]): void {
    for (const event of events) {
      if (counted.has(event.id)) continue;
      counted.add(event.id);
      unconfirmed.push(event);
      countEvent(registry, event);
      if (counted.size > MAX_IDS) counted.delete(counted.values().next().value!);
    }
  }

  function groupOf(): { readonly job: string; readonly instance: string; readonly url: string } {
    const { job } = options;
    const instance = withVariables(environment, options.instance ?? hostname());
    const path = `metrics/${group('job', job)}/${group('instance', instance)}`;
    return { job, instance, url: below(options.url, path) };
  }

  /** Goes on from what another process has pushed since, which this push would replace. */
  async function goOnFromGateway(of: { readonly job: string; readonly instance: string }): Promise<void> {
    const shown = new MetricRegistry();
    try {
      const url = below(options.url, 'api/v1/metrics');
      const { body } = await deliver({
        ...common,
        signal: closing.signal,
        url,
        method: 'GET',
        ownHeaders: {},
        body: '',
      });
      addPushedBefore(shown, eventMetrics, body, of);
    } catch {
      // A gateway that does not tell what it has is pushed to all the same; for Prometheus the counters begin anew.
      return;
    }
    const events = shown.total(eventCount);
    // What it has lost, or has from us, needs nothing of it.
    if (events <= registry.total(eventCount) - unconfirmed.length || events === attempted) return;
    registry = shown;
    for (const event of unconfirmed) countEvent(registry, event);
  }

  async function push(): Promise<void> {
    const { url, ...of } = groupOf();
    await goOnFromGateway(of);
    const sent = new Set(unconfirmed);
    attempted = registry.total(eventCount);
    await deliver({
      ...common,
      signal: closing.signal,
      url,
      method: 'PUT',
      ownHeaders: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
      body: registry.text(),
    });
    attempted = undefined;
    unconfirmed = unconfirmed.filter((event) => !sent.has(event));
  }

  async function close(): Promise<void> {
    closing.abort();
    await pushing;
    if (!options.deleteOnClose) return;
    const { signal } = new AbortController();
    await deliver({ ...common, signal, url: groupOf().url, method: 'DELETE', ownHeaders: {}, body: '' });
  }

  return {
    name: 'prometheus-pushgateway',
    id: exporterId('prometheus-pushgateway', [options.url, options.job, options.instance ?? null]),
    async export(events): Promise<ExportResult> {
      if (events.length === 0) return delivered(0);
      count(events);
      // One after the other, or an older state could arrive last.
      const pushed = pushing.then(push);
      pushing = pushed.catch(() => undefined);
      try {
        await pushed;
        return delivered(events.length);
      } catch (error) {
        return notDelivered(error);
      }
    },
    check: () => reach(options.url),
    close,
  };
}

/** A part of the grouping key; base64 where a path would change the value. */
function group(label: string, value: string): string {
  if (/^[A-Za-z0-9_:-][A-Za-z0-9_.:-]*$/.test(value)) return `${label}/${value}`;
  return `${label}@base64/${Buffer.from(value).toString('base64url')}`;
}
