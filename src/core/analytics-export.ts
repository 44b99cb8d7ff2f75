import type { AnalyticsEvent, ExportResult } from './extension.js';

export interface SessionAnalytics {
  readonly sessionId: string;
  readonly events: readonly AnalyticsEvent[];
}

export interface ExportOptions {
  /** Events of this session only. */
  readonly sessionId?: string;
  /** The name or id of one exporter. */
  readonly exporter?: string;
  /** With a session: all its events, whether they were sent or not. */
  readonly again?: boolean;
}

export interface AnalyticsExport extends ExportResult {
  /** Events newly delivered by this call to every exporter. */
  readonly exportedCount: number;
  readonly exporters: readonly ExporterOutcome[];
}

/** What one exporter got in this call. */
export interface ExporterOutcome extends ExportResult {
  readonly name: string;
  /** Names its queue in the spool; absent where there is none. */
  readonly id?: string;
  /** Events that the receiver will never take, and that were put aside. */
  readonly quarantinedCount?: number;
  /** Another process sends to it now; what waits goes with that. */
  readonly heldBy?: string;
}
