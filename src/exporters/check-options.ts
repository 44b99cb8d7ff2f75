import type * as z from 'zod';
import { nearest } from '../config/nearest.js';
import { ExtensionError } from '../core/errors.js';

/** The options as the schema makes them. Throws `ExtensionError` that names the option and never its value: it may be a secret. */
export function checkOptions<Schema extends z.ZodObject>(
  exporter: string,
  schema: Schema,
  options: unknown,
): z.output<Schema> {
  const result = schema.safeParse(options ?? {});
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const known = Object.keys(schema.shape);
  const list = known.length === 0 ? 'It takes no options.' : `Its options: ${known.join(', ')}.`;
  if (issue?.code === 'unrecognized_keys' && issue.path.length === 0) {
    const [unknown = ''] = issue.keys;
    const meant = nearest(unknown, known);
    throw new ExtensionError(`The ${exporter} exporter has no option ${JSON.stringify(unknown)}.`, {
      advice: meant === undefined ? list : `Did you mean ${meant}? ${list}`,
    });
  }
  const path = issue?.path.join('.') ?? '';
  if (issue?.code === 'invalid_type' && /received undefined/.test(issue.message)) {
    throw new ExtensionError(`The ${exporter} exporter needs ${JSON.stringify(path)}.`, { advice: list });
  }
  const message = issue?.message.replace(/^Invalid (input|option): /, '').replace(/, received .*$/, '');
  throw new ExtensionError(`The ${exporter} exporter: ${path === '' ? '' : `${path}: `}${message}.`, {
    advice: `Correct it where the exporter is named. ${list}`,
  });
}
