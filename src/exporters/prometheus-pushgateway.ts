import { hostname } from 'node:os';
import * as z from 'zod';
import type { AnalyticsEvent, AnalyticsExporter, ExportResult } from '../core/extension.js';
import { checkOptions } from './check-options.js';
import { type Environment, withVariables } from './environment-variables.js';
import { countEvent, eventMetrics } from './event-metrics.js';
import { delivered, notDelivered } from './export-result.js';
import { below, deliver, httpAddress, httpOptions, reach } from './http-delivery.js';
import { MetricRegistry } from './metric-registry.js';
import { addPushedBefore } from './pushed-before.js';

export const optionsSchema = z.strictObject({
  url: httpAddress,
  job: z.string().min(1, 'expected a name').default('victor'),
  /**
   * Who pushes; the name of this machine when absent. Processes that run at the same time need one each, or they replace
   * each other's counts. May hold `${NAME}`, which stands for an environment variable.
   */
  instance: z.string().min(1, 'expected a name').optional(),
  ...httpOptions,
});

export type PrometheusPushgatewayExporterOptions = z.input<typeof optionsSchema>;

/** Ids that are remembered, so that an event that comes again counts once. More than ever wait for one exporter. */
const MAX_IDS = 20_000;

/**
 * Counts events for the life of the process and pushes all counts to a Prometheus Pushgateway, which keeps them for
 * Prometheus: `PUT /metrics/job/JOB/instance/INSTANCE`, so that each push replaces the one before. Counts stay there
 * when the process ends, and the next process goes on from them, or of many short ones only the last would be seen.
 */
export function createPrometheusPushgatewayExporter(
  given: PrometheusPushgatewayExporterOptions,
  environment: Environment = process.env,
): AnalyticsExporter {
  const options = checkOptions('prometheus-pushgateway', optionsSchema, given);
  const { headers, timeoutMs } = options;
  const registry = new MetricRegistry();
  const counted = new Set<string>();
  const closing = new AbortController();
  let pushing: Promise<unknown> = Promise.resolve();
  let goesOn = false;

  function count(events: readonly AnalyticsEvent[]): void {
    for (const event of events) {
      if (counted.has(event.id)) continue;
      counted.add(event.id);
      countEvent(registry, event);
      if (counted.size > MAX_IDS) counted.delete(counted.values().next().value!);
    }
  }

  async function push(): Promise<void> {
    const { job } = options;
    const instance = withVariables(environment, options.instance ?? hostname());
    const common = { headers, environment, timeoutMs, signal: closing.signal };
    if (!goesOn) {
      try {
        const url = below(options.url, 'api/v1/metrics');
        const { body } = await deliver({ ...common, url, method: 'GET', ownHeaders: {}, body: '' });
        addPushedBefore(registry, eventMetrics, body, { job, instance });
        goesOn = true;
      } catch {
        // A gateway that does not tell what it has is pushed to all the same; for Prometheus the counters begin anew.
      }
    }
    await deliver({
      ...common,
      url: below(options.url, `metrics/${group('job', job)}/${group('instance', instance)}`),
      method: 'PUT',
      ownHeaders: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
      body: registry.text(),
    });
    goesOn = true;
  }

  return {
    name: 'prometheus-pushgateway',
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
    close: () => closing.abort(),
  };
}

/** A part of the grouping key; base64 where a path would change the value. */
function group(label: string, value: string): string {
  if (/^[A-Za-z0-9_:-][A-Za-z0-9_.:-]*$/.test(value)) return `${label}/${value}`;
  return `${label}@base64/${Buffer.from(value).toString('base64url')}`;
}
