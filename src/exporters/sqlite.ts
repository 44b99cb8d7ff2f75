import { resolve } from 'node:path';
import * as z from 'zod';
import type { AnalyticsEvent, AnalyticsExporter } from '../core/extension.js';
import { exporterId } from '../delivery/exporter-id.js';
import { openSqliteConnection } from '../storage/sqlite-connection.js';
import { checkOptions } from './check-options.js';
import { delivered, notDelivered } from './export-result.js';
import { fileProblem, openPrivateFile } from './private-file.js';

export const optionsSchema = z.strictObject({
  /** The database file; a relative path starts from `baseDirectory`. Its folder must exist. */
  path: z.string().min(1, 'expected the path of a database file'),
  /** Absolute; the working directory when absent. */
  baseDirectory: z.string().optional(),
});

export type SqliteExporterOptions = z.input<typeof optionsSchema>;

const createTable = `
  CREATE TABLE IF NOT EXISTS analytics_events (
    id TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL,
    type TEXT NOT NULL,
    data TEXT NOT NULL,
    timestamp INTEGER NOT NULL
  )`;

const insertEvent = `
  INSERT INTO analytics_events (id, session_id, type, data, timestamp) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (id) DO NOTHING`;

/**
 * Adds events to the table `analytics_events` of a SQLite database of the user's own; `data` is JSON, the time is
 * milliseconds since 1970, and an event that comes again counts once. The database is open only during an export, so
 * that it can be moved, copied and read in between.
 */
export function createSqliteExporter(given: SqliteExporterOptions): AnalyticsExporter {
  const options = checkOptions('sqlite', optionsSchema, given);
  const path = resolve(options.baseDirectory ?? process.cwd(), options.path);
  return {
    name: 'sqlite',
    id: exporterId('sqlite', path),
    async export(events) {
      if (events.length === 0) return delivered(0);
      try {
        await (await openPrivateFile(path)).close();
      } catch (error) {
        return notDelivered(fileProblem(path, error));
      }
      try {
        await insert(path, events);
        return delivered(events.length);
      } catch (error) {
        // The advice of storage is about Victor's own database.
        return notDelivered(error instanceof Error ? error.message : error);
      }
    },
  };
}

async function insert(path: string, events: readonly AnalyticsEvent[]): Promise<void> {
  const { prepare, execute, write, close } = await openSqliteConnection(path);
  try {
    await write(() => {
      execute(createTable);
      for (const { id, sessionId, type, data, timestamp } of events) {
        prepare(insertEvent).run(id, sessionId, type, JSON.stringify(data), timestamp);
      }
    });
  } finally {
    await close();
  }
}
