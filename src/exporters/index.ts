import type { AnalyticsExporter } from '../core/extension.js';
import { type ConsoleExporterOptions, createConsoleExporter } from './console.js';
import { createFileExporter, type FileExporterOptions } from './file.js';

type Factory = (options: unknown, origin?: { readonly baseDirectory: string }) => AnalyticsExporter;

/** The exporters that come with Victor, by the name a configuration uses. Each checks its own options. */
export const builtInExporters: Readonly<Record<string, Factory>> = {
  console: (options) => createConsoleExporter((options ?? {}) as ConsoleExporterOptions),
  // A relative path starts where the exporter is named, not where Victor happens to run.
  file: (options, origin) => createFileExporter({ ...origin, ...((options ?? {}) as FileExporterOptions) }),
};
