import { resolve } from 'node:path';
import { readRegularFile } from '../../config/read-regular-file.js';
import { ConfigError } from '../../core/errors.js';
import { schemaMistake } from './schema-shape.js';

export type AnswerSchema = Readonly<Record<string, unknown>>;

/** The model reads all of it with each request. */
const LARGEST_BYTES = 256 * 1024;

/** The schema that --json-schema names or is. Throws a `ConfigError` where it cannot be one. */
export async function readSchema(given: string, directory: string): Promise<AnswerSchema> {
  const inline = given.trimStart().startsWith('{');
  const file = inline ? undefined : resolve(directory, given);
  const value = parsed(file === undefined ? given : textOf(file), file);
  const mistake = schemaMistake(value) ?? (await tried(value as AnswerSchema));
  if (mistake === undefined) return value as AnswerSchema;
  throw wrong(`is no JSON schema: ${mistake}`, file, 'Correct it; nothing was asked.');
}

/** What only shows when something is checked: a circle of references, or one that leads nowhere. */
async function tried(schema: AnswerSchema): Promise<string | undefined> {
  const { schemaProblems } = await import('./schema-problems.js');
  try {
    for (const value of [null, true, 0, '', [], {}]) schemaProblems(schema, value);
    return undefined;
  } catch (error) {
    if (error instanceof RangeError) return 'its references lead round in a circle';
    return (error as Error).message;
  }
}

function textOf(file: string): string {
  const read = readRegularFile(file, { maxBytes: LARGEST_BYTES });
  if (read.ok) return read.text;
  throw wrong(
    read.reason,
    file,
    'Name a file with a JSON schema, or write the schema itself: it begins with {.',
  );
}

function parsed(text: string, file: string | undefined): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw wrong(`is not JSON: ${reason}`, file, 'Correct it; nothing was asked.', cause);
  }
}

function wrong(what: string, file: string | undefined, advice: string, cause?: unknown): ConfigError {
  const where = file === undefined ? 'the schema after --json-schema' : `the schema ${file}`;
  return new ConfigError(`${where} ${what}`, { advice, ...(cause === undefined ? {} : { cause }) });
}
