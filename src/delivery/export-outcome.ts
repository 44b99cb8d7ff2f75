import type { AnalyticsExport } from '../core/coordinator.js';
import type { Sent } from './delivery.js';

/** What a round of all exporters came to; an event counts when every one of them is done with it. */
export function exportOutcome(
  sent: readonly (Sent & { readonly name: string; readonly id: string })[],
  stillWaiting: ReadonlySet<string>,
): AnalyticsExport {
  const done = new Set(sent.flatMap(({ ids }) => ids));
  for (const id of stillWaiting) done.delete(id);
  const failed = sent.filter(({ error }) => error !== undefined);
  return {
    success: failed.length === 0,
    exportedCount: done.size,
    ...(failed.length > 0 ? { error: failed.map(({ name, error }) => `${name}: ${error}`).join('; ') } : {}),
    exporters: sent.map(({ name, id, exported, rejected, quarantined, error, heldBy }) => ({
      name,
      id,
      success: error === undefined,
      exportedCount: exported,
      ...(rejected > 0 ? { rejectedCount: rejected } : {}),
      ...(quarantined > 0 ? { quarantinedCount: quarantined } : {}),
      ...(error === undefined ? {} : { error }),
      ...(heldBy === undefined ? {} : { heldBy }),
    })),
  };
}
