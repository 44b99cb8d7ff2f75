import type { Writable } from 'node:stream';
import { ExtensionError } from '../core/errors.js';
import type { AnalyticsExporter, ExportResult } from '../core/extension.js';

export interface ConsoleExporterOptions {
  /** Where the lines go; standard error when absent, because standard output carries the answer. */
  readonly stream?: Writable;
}

/** Prints each event as one line of JSON. */
export function createConsoleExporter(options: ConsoleExporterOptions = {}): AnalyticsExporter {
  const unknown = Object.keys(options).find((key) => key !== 'stream');
  if (unknown) {
    throw new ExtensionError(`The console exporter has no option "${unknown}".`, {
      advice: 'Write `exporters: [console]`; it needs no options.',
    });
  }
  return {
    name: 'console',
    async export(events): Promise<ExportResult> {
      if (events.length === 0) return { success: true, exportedCount: 0 };
      const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
      const error = await written(options.stream ?? process.stderr, lines);
      if (error) return { success: false, exportedCount: 0, error: error.message };
      return { success: true, exportedCount: events.length };
    },
  };
}

/** Resolves when the stream has taken the text, with the error if it has not. */
function written(stream: Writable, text: string): Promise<Error | undefined> {
  return new Promise((resolve) => {
    // A stream that fails also emits `error`, which would end the process if nobody listened.
    const onError = (error: Error) => resolve(error);
    stream.once('error', onError);
    stream.write(text, (error) => {
      resolve(error ?? undefined);
      setImmediate(() => stream.off('error', onError));
    });
  });
}
