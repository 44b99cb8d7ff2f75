import { Writable } from 'node:stream';
import * as z from 'zod';
import type { AnalyticsExporter } from '../core/extension.js';
import { printableJson } from '../core/printable-json.js';
import { checkOptions } from './check-options.js';
import { delivered, notDelivered } from './export-result.js';

export const optionsSchema = z.strictObject({
  /** Where the lines go; standard error when absent, because standard output carries the answer. */
  stream: z.instanceof(Writable).optional(),
});

export type ConsoleExporterOptions = z.input<typeof optionsSchema>;

/** Prints each event as one line of JSON. */
export function createConsoleExporter(given: ConsoleExporterOptions = {}): AnalyticsExporter {
  const { stream } = checkOptions('console', optionsSchema, given);
  return {
    name: 'console',
    id: 'console',
    async export(events) {
      if (events.length === 0) return delivered(0);
      const lines = events.map((event) => `${printableJson(event)}\n`).join('');
      const error = await written(stream ?? process.stderr, lines);
      return error ? notDelivered(error) : delivered(events.length);
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
