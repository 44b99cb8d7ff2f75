/**
 * Custom analytics exporters: to a database, to a webhook and to Prometheus, all at the same time.
 * Useful for monitoring and for data pipelines.
 * Run it with `npm run build && npx tsx examples/05-custom-analytics-exporter.ts`; DATABASE_URL makes it use PostgreSQL,
 * PUSHGATEWAY_URL a Prometheus Pushgateway.
 */
import { text } from 'node:stream/consumers';
import {
  AgentOrchestrator,
  AnalyticsCoordinator,
  type AnalyticsEvent,
  type AnalyticsExporter,
  type ExportResult,
  ScriptedProvider,
} from 'victor-agent';
import { isMain } from './shared/is-main.js';
import { type Database, openDatabase } from './shared/open-database.js';
import { startServer } from './shared/start-server.js';

/** Exports events to a database. */
export class DatabaseAnalyticsExporter implements AnalyticsExporter {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async export(events: readonly AnalyticsEvent[]): Promise<ExportResult> {
    try {
      for (const { id, sessionId, type, data, timestamp } of events) {
        // An event that comes again, because the last export failed half-way, counts once.
        await this.#database.query(
          `INSERT INTO analytics (id, session_id, event_type, event_data, timestamp)
           VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`,
          [id, sessionId, type, JSON.stringify(data), new Date(timestamp).toISOString()],
        );
      }
      return { success: true, exportedCount: events.length };
    } catch (error) {
      return failed(error);
    }
  }
}

/** Sends events to a webhook. */
export class WebhookAnalyticsExporter implements AnalyticsExporter {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor({ webhookUrl, headers = {} }: { webhookUrl: string; headers?: Record<string, string> }) {
    this.#url = webhookUrl;
    this.#headers = headers;
  }

  async export(events: readonly AnalyticsEvent[]): Promise<ExportResult> {
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...this.#headers },
        body: JSON.stringify(events),
        signal: AbortSignal.timeout(20_000),
      });
      if (!response.ok) return failed(`The webhook answered ${response.status}.`);
      return { success: true, exportedCount: events.length };
    } catch (error) {
      return failed(error);
    }
  }
}

/** Counts events by type and pushes the counters to a Prometheus Pushgateway. */
export class PrometheusMetricsExporter implements AnalyticsExporter {
  readonly #url: string;
  #counts: ReadonlyMap<string, number> = new Map();

  constructor({ pushgatewayUrl, jobName }: { pushgatewayUrl: string; jobName: string }) {
    this.#url = `${pushgatewayUrl}/metrics/job/${encodeURIComponent(jobName)}`;
  }

  async export(events: readonly AnalyticsEvent[]): Promise<ExportResult> {
    const counts = new Map(this.#counts);
    for (const { type } of events) counts.set(type, (counts.get(type) ?? 0) + 1);
    try {
      // A push replaces what the job pushed before, so the counters go on from export to export.
      const response = await fetch(this.#url, {
        method: 'PUT',
        headers: { 'Content-Type': 'text/plain; version=0.0.4' },
        body: [...counts].map(asCounter).join(''),
        signal: AbortSignal.timeout(20_000),
      });
      if (!response.ok) return failed(`The Pushgateway answered ${response.status}.`);
    } catch (error) {
      return failed(error);
    }
    // Only now: events of a push that failed come again, and count then.
    this.#counts = counts;
    return { success: true, exportedCount: events.length };
  }
}

/** One counter in Prometheus' text format. Types of events are valid in the names of metrics. */
function asCounter([type, count]: readonly [string, number]): string {
  const name = `victor_analytics_${type}_total`;
  return `# HELP ${name} Number of ${type} events\n# TYPE ${name} counter\n${name} ${count}\n`;
}

/** An exporter does not throw: its failure is data, and the events come again with the next export. */
function failed(error: unknown): ExportResult {
  return {
    success: false,
    exportedCount: 0,
    error: error instanceof Error ? error.message : String(error),
  };
}

/** Where `DatabaseAnalyticsExporter` writes. */
export const analyticsTable = `CREATE TABLE IF NOT EXISTS analytics (
  id text PRIMARY KEY, session_id text NOT NULL, event_type text NOT NULL,
  event_data jsonb NOT NULL, timestamp timestamptz NOT NULL)`;

/** The Pushgateway that `PUSHGATEWAY_URL` names, as a list of one exporter or of none. */
export function prometheusExporters(jobName: string): PrometheusMetricsExporter[] {
  const pushgatewayUrl = process.env.PUSHGATEWAY_URL;
  if (pushgatewayUrl) return [new PrometheusMetricsExporter({ pushgatewayUrl, jobName })];
  console.log('PUSHGATEWAY_URL is not set: nothing is pushed to Prometheus.');
  return [];
}

async function customAnalyticsExample(): Promise<void> {
  const database = await openDatabase();
  await database.query(analyticsTable);
  const received: AnalyticsEvent[] = [];
  const webhook = await startServer(async (request, response) => {
    const authorised = request.headers.authorization === 'Bearer your-token';
    if (authorised) received.push(...JSON.parse(await text(request)));
    response.writeHead(authorised ? 204 : 401).end();
  });

  // Step 1: create the exporters.
  const databaseExporter = new DatabaseAnalyticsExporter(database);
  const webhookExporter = new WebhookAnalyticsExporter({
    webhookUrl: `${webhook.url}/analytics`,
    headers: { Authorization: 'Bearer your-token' },
  });

  // Step 2: create the coordinator. Exporters run in parallel; one that fails delays no other.
  const analytics = new AnalyticsCoordinator({
    exporters: [databaseExporter, webhookExporter, ...prometheusExporters('victor-analytics')],
  });

  // Step 3: use it with an orchestrator.
  const orchestrator = new AgentOrchestrator({
    provider: new ScriptedProvider({
      script: [{ text: 'Hello! What shall we build?' }, { text: 'See you!' }],
    }),
    model: 'claude-sonnet-4-5',
    coordinators: { analytics },
  });

  // Step 4: use the orchestrator. Analytics are tracked, and exported in the background after each turn.
  const response = await orchestrator.chat('Hello!');
  console.log(`Response: ${response.content}`);

  // Step 5: export what is left now (optional).
  const result = await analytics.exportAnalytics({ sessionId: orchestrator.sessionId });
  console.log(`Exported ${result.exportedCount} events`);
  for (const { name, exportedCount, error } of result.exporters) {
    console.log(`  ${name}: ${error ?? exportedCount}`);
  }

  // What comes later goes out in the background, and at the latest when the orchestrator is closed.
  await orchestrator.chat('Goodbye!');
  await orchestrator.close();

  const saved = 'SELECT event_type FROM analytics WHERE session_id = $1';
  const { rows } = await database.query(saved, [orchestrator.sessionId]);
  console.log(`In the database: ${rows.length} events`);
  console.log(`At the webhook: ${received.length} events, the last of type ${received.at(-1)?.type}`);

  webhook.close();
  await database.end();
}

if (isMain(import.meta.filename)) await customAnalyticsExample();
