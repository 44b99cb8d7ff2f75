import { createHash } from 'node:crypto';
import { extensionName } from '../core/describe-failure.js';
import type { AnalyticsExporter } from '../core/extension.js';
import { isRecord } from '../core/is-record.js';

/** An id that stays the same for the same name and parts. Only a hash of the parts: addresses and paths may be secrets. */
export function exporterId(name: string, parts: unknown): string {
  const text = JSON.stringify(parts, (_, value: unknown) => (isRecord(value) ? sorted(value) : value)) ?? '';
  return `${name}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

/**
 * The id of each exporter: its own, else the one that its settings give it, else its name. Two that would be called the
 * same are told apart by their order.
 */
export function exporterIds(
  exporters: readonly AnalyticsExporter[],
  fromSettings: ReadonlyMap<AnalyticsExporter, string> = new Map(),
): string[] {
  const seen = new Map<string, number>();
  return exporters.map((exporter) => {
    const id = ownId(exporter) ?? fromSettings.get(exporter) ?? extensionName(exporter);
    const count = (seen.get(id) ?? 0) + 1;
    seen.set(id, count);
    return count === 1 ? id : `${id}#${count}`;
  });
}

function ownId(exporter: AnalyticsExporter): string | undefined {
  try {
    const { id } = exporter as { readonly id?: unknown };
    return typeof id === 'string' && id !== '' ? id : undefined;
  } catch {
    // A getter of the user's.
    return undefined;
  }
}

/** The order in which somebody wrote the options says nothing. */
function sorted(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
