import type { AnalyticsExporter } from '../core/extension.js';
import type { Refused } from '../http/internal-address.js';
import { createConsoleExporter } from './console.js';
import type { Environment } from './environment-variables.js';
import { createFileExporter, type FileExporterOptions } from './file.js';
import { createOtlpExporter } from './otlp.js';
import { createPostgresExporter } from './postgres.js';
import { createPrometheusPushgatewayExporter } from './prometheus-pushgateway.js';
import { createSqliteExporter, type SqliteExporterOptions } from './sqlite.js';
import { createWebhookExporter } from './webhook.js';

/** Options come from settings, which hold anything: each exporter checks its own. */
type Factory = (options: never, origin?: Origin) => AnalyticsExporter;

interface Origin {
  readonly baseDirectory: string;
  /** Named by the settings of a workspace, which may not say what of this machine is posted to. */
  readonly fromWorkspace?: boolean | undefined;
}

/** The exporters that come with Victor, by the name a configuration uses. Secrets come from the environment. */
export function builtInExporters(environment: Environment): Readonly<Record<string, Factory>> {
  return {
    console: (options) => createConsoleExporter(options),
    // A relative path starts where the exporter is named, not where Victor happens to run.
    file: (options: FileExporterOptions, origin) => createFileExporter({ ...startOf(origin), ...options }),
    sqlite: (options: SqliteExporterOptions, origin) =>
      createSqliteExporter({ ...startOf(origin), ...options }),
    postgres: (options) => createPostgresExporter(options, environment),
    webhook: (options, origin) =>
      createWebhookExporter(options, environment, refused(origin, 'loopback and metadata')),
    // A gateway or a collector on this machine is what most have; a webhook there is somebody else's door.
    'prometheus-pushgateway': (options, origin) =>
      createPrometheusPushgatewayExporter(options, environment, refused(origin, 'metadata')),
    otlp: (options, origin) => createOtlpExporter(options, environment, refused(origin, 'metadata')),
  };
}

/** The one part of an origin that is an option. */
function startOf(origin: Origin | undefined) {
  return origin && { baseDirectory: origin.baseDirectory };
}

function refused(origin: Origin | undefined, where: Refused): { readonly refused?: Refused } {
  return origin?.fromWorkspace ? { refused: where } : {};
}
