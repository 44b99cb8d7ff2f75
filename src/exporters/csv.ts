import type { AnalyticsEvent } from '../core/extension.js';

/** RFC 4180, with the line ends of Unix. The columns are part of the format: new ones go behind them. */
export const csvHeader = 'id,sessionId,type,timestamp,data\n';

/** One event as a row. `data` is JSON; the time is milliseconds since 1970. */
export function csvRow({ id, sessionId, type, timestamp, data }: AnalyticsEvent): string {
  return `${cell(id)},${cell(sessionId)},${cell(type)},${Number(timestamp)},${cell(JSON.stringify(data))}\n`;
}

/** A spreadsheet would run a cell that starts like a formula; an apostrophe makes it text (OWASP, CSV Injection). */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
