import type { AnalyticsExporter } from '../core/extension.js';
import { type ConsoleExporterOptions, createConsoleExporter } from './console.js';
import { createFileExporter, type FileExporterOptions } from './file.js';

/** The exporters that come with Victor, by the name a configuration uses. Each checks its own options. */
export const builtInExporters: Readonly<Record<string, (options: unknown) => AnalyticsExporter>> = {
  console: (options) => createConsoleExporter((options ?? {}) as ConsoleExporterOptions),
  file: (options) => createFileExporter((options ?? {}) as FileExporterOptions),
};
