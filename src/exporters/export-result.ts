import { VictorError } from '../core/errors.js';
import type { ExportResult } from '../core/extension.js';
import { RefusedDelivery } from './refused-delivery.js';

/** What a server took and threw away on purpose; sending it again would not help. */
export interface Rejection {
  readonly count: number;
  readonly reason: string;
}

export function delivered(exportedCount: number): ExportResult {
  return { success: true, exportedCount };
}

export function notDelivered(error: unknown, exportedCount = 0): ExportResult {
  const message = error instanceof Error ? error.message : String(error);
  const advice = error instanceof VictorError ? error.advice : undefined;
  const text = advice === undefined ? message : `${message.replace(/\.$/, '')}. ${advice}`;
  const refused = error instanceof RefusedDelivery ? error.result : {};
  return { success: false, exportedCount, error: text, ...refused };
}

/**
 * Sends batch after batch, because servers bound what they take at once. After a failure the rest is not tried: the
 * events come again, and `exportedCount` says how many were confirmed. Never rejects.
 */
export async function exportInBatches<Item>(
  items: readonly Item[],
  size: number,
  send: (batch: readonly Item[]) => Promise<Rejection | undefined>,
): Promise<ExportResult> {
  let confirmed = 0;
  let rejected: Rejection | undefined;
  for (let start = 0; start < items.length; start += size) {
    const batch = items.slice(start, start + size);
    try {
      const rejection = await send(batch);
      if (rejection) rejected = { ...rejection, count: rejection.count + (rejected?.count ?? 0) };
      confirmed += batch.length - (rejection?.count ?? 0);
    } catch (error) {
      return notDelivered(error, confirmed);
    }
  }
  if (!rejected) return delivered(confirmed);
  const { count, reason } = rejected;
  return { ...delivered(confirmed), rejectedCount: count, error: `${count} rejected: ${reason}` };
}
