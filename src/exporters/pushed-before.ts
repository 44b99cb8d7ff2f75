import * as z from 'zod';
import type { MetricDefinition, MetricRegistry } from './metric-registry.js';

/** A number as the gateway writes it. */
const measure = z.string().transform(Number).pipe(z.number().min(0));
const labels = z.record(z.string(), z.string());
const counterSample = z.object({ labels, value: measure });
const histogramSample = z.object({
  labels,
  count: measure,
  sum: measure,
  buckets: z.record(z.string(), measure),
});
const answer = z.object({ data: z.array(z.looseObject({ labels })) });
const family = z.object({ metrics: z.array(z.unknown()) });

/**
 * Adds to the registry what the gateway already shows for a group, from its answer to `GET /api/v1/metrics`. Anything
 * else in the answer is somebody else's, or of another shape than it has here, and is left out.
 */
export function addPushedBefore(
  registry: MetricRegistry,
  metrics: readonly MetricDefinition[],
  body: string,
  group: { readonly job: string; readonly instance: string },
): void {
  const { data } = answer.parse(JSON.parse(body));
  const own = data.find(({ labels: { job, instance, ...more } }) => {
    return job === group.job && instance === group.instance && Object.keys(more).length === 0;
  });
  for (const metric of metrics) {
    const found = family.safeParse(own?.[metric.name]);
    for (const sample of found.data?.metrics ?? []) addSample(registry, metric, sample);
  }
}

function addSample(registry: MetricRegistry, metric: MetricDefinition, sample: unknown): void {
  const values = (given: Readonly<Record<string, string>>) =>
    metric.labels.map((label) => given[label] ?? '');
  if (!metric.buckets) {
    const { success, data } = counterSample.safeParse(sample);
    if (success)
      registry.restore(metric, values(data.labels), { total: data.value, upTo: [], observations: 0 });
    return;
  }
  const { success, data } = histogramSample.safeParse(sample);
  const upTo = metric.buckets.flatMap((bound) => data?.buckets[bound] ?? []);
  // With other bounds it is from another version; what was between them is not known.
  if (!success || upTo.length !== metric.buckets.length) return;
  registry.restore(metric, values(data.labels), { total: data.sum, upTo, observations: data.count });
}
