export interface MetricDefinition {
  /** Letters, digits and `_`; a counter ends in `_total`. */
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds in rising order make it a histogram; without them it is a counter. */
  readonly buckets?: readonly number[];
}

interface Series {
  readonly labels: string;
  /** A counter's value, or a histogram's sum. */
  total: number;
  observations: number;
  /** Observations up to each bound, not cumulative. */
  readonly inBucket: number[];
}

/** Label sets one metric may have; each is kept, pushed and stored for good, so what comes after counts as `other`, the hundredth at most. */
const MAX_SERIES = 98;
const MAX_LABEL_LENGTH = 120;

/** Counters and histograms that only grow, and their text in Prometheus' exposition format, version 0.0.4. */
export class MetricRegistry {
  readonly #metrics = new Map<MetricDefinition, Map<string, Series>>();

  /** Adds to a counter, or observes a value of a histogram. What is no finite number of at least 0 is ignored. */
  add(metric: MetricDefinition, labelValues: readonly string[], value: number): void {
    if (!Number.isFinite(value) || value < 0) return;
    const series = this.#series(metric, labelValues);
    series.total += value;
    series.observations += 1;
    const bucket = metric.buckets?.findIndex((bound) => value <= bound) ?? -1;
    if (bucket >= 0) series.inBucket[bucket] = (series.inBucket[bucket] ?? 0) + 1;
  }

  /** Goes on from earlier values; `upTo` are a histogram's observations up to each of its bounds, as they are shown. */
  restore(
    metric: MetricDefinition,
    labelValues: readonly string[],
    earlier: { readonly total: number; readonly observations: number; readonly upTo: readonly number[] },
  ): void {
    const series = this.#series(metric, labelValues);
    series.total += earlier.total;
    series.observations += earlier.observations;
    earlier.upTo.forEach((count, index) => {
      series.inBucket[index] = (series.inBucket[index] ?? 0) + count - (earlier.upTo[index - 1] ?? 0);
    });
  }

  /** A counter over all its label sets. */
  total(metric: MetricDefinition): number {
    const all = [...(this.#metrics.get(metric)?.values() ?? [])];
    return all.reduce((sum, series) => sum + series.total, 0);
  }

  /** In the order in which metrics and label sets first appeared. Ends with a newline, or is empty. */
  text(): string {
    const lines: string[] = [];
    for (const [metric, all] of this.#metrics) {
      const { name, help, buckets } = metric;
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${buckets ? 'histogram' : 'counter'}`);
      for (const series of all.values()) lines.push(...samples(metric, series));
    }
    return lines.map((line) => `${line}\n`).join('');
  }

  #series(metric: MetricDefinition, labelValues: readonly string[]): Series {
    let all = this.#metrics.get(metric);
    if (!all) {
      all = new Map();
      this.#metrics.set(metric, all);
    }
    const known = all.get(labelText(metric, labelValues));
    if (known) return known;
    const values = all.size < MAX_SERIES ? labelValues : labelValues.map(() => 'other');
    const labels = labelText(metric, values);
    const series = all.get(labels) ?? { labels, total: 0, observations: 0, inBucket: [] };
    all.set(labels, series);
    return series;
  }
}

function samples({ name, buckets }: MetricDefinition, series: Series): string[] {
  const { labels, total, observations, inBucket } = series;
  if (!buckets) return [`${name}${braces(labels)} ${total}`];
  let below = 0;
  const lines = buckets.map((bound, index) => {
    below += inBucket[index] ?? 0;
    return `${name}_bucket${braces(joined(labels, `le="${bound}"`))} ${below}`;
  });
  return [
    ...lines,
    `${name}_bucket${braces(joined(labels, 'le="+Inf"'))} ${observations}`,
    `${name}_sum${braces(labels)} ${total}`,
    `${name}_count${braces(labels)} ${observations}`,
  ];
}

function labelText({ labels }: MetricDefinition, values: readonly string[]): string {
  return labels.map((label, index) => `${label}="${escaped(values[index] ?? '')}"`).join(',');
}

/** Half a surrogate pair has no bytes of its own in UTF-8, so it is replaced before two labels become one. */
function escaped(value: string): string {
  const text = Buffer.from(value).toString().slice(0, MAX_LABEL_LENGTH);
  return Buffer.from(text).toString().replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function joined(labels: string, last: string): string {
  return labels === '' ? last : `${labels},${last}`;
}

function braces(labels: string): string {
  return labels === '' ? '' : `{${labels}}`;
}
