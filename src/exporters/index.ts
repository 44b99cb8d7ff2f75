import type { AnalyticsExporter } from '../core/extension.js';
import { createConsoleExporter } from './console.js';
import type { Environment } from './environment-variables.js';
import { createFileExporter, type FileExporterOptions } from './file.js';
import { createOtlpExporter } from './otlp.js';
import { createPostgresExporter } from './postgres.js';
import { createPrometheusPushgatewayExporter } from './prometheus-pushgateway.js';
import { createSqliteExporter, type SqliteExporterOptions } from './sqlite.js';
import { createWebhookExporter } from './webhook.js';

/** Options come from settings, which hold anything: each exporter checks its own. */
type Factory = (options: never, origin?: { readonly baseDirectory: string }) => AnalyticsExporter;

/** The exporters that come with Victor, by the name a configuration uses. Secrets come from the environment. */
export function builtInExporters(environment: Environment): Readonly<Record<string, Factory>> {
  return {
    console: (options) => createConsoleExporter(options),
    // A relative path starts where the exporter is named, not where Victor happens to run.
    file: (options: FileExporterOptions, origin) => createFileExporter({ ...startOf(origin), ...options }),
    sqlite: (options: SqliteExporterOptions, origin) =>
      createSqliteExporter({ ...startOf(origin), ...options }),
    postgres: (options) => createPostgresExporter(options, environment),
    webhook: (options) => createWebhookExporter(options, environment),
    'prometheus-pushgateway': (options) => createPrometheusPushgatewayExporter(options, environment),
    otlp: (options) => createOtlpExporter(options, environment),
  };
}

/** The one part of an origin that is an option. */
function startOf(origin: { readonly baseDirectory: string } | undefined) {
  return origin && { baseDirectory: origin.baseDirectory };
}
