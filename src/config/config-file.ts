import { basename, extname } from 'node:path';
import type * as z from 'zod';
import { ConfigError, VictorError } from '../core/errors.js';
import { isCode } from './find.js';
import { importModule } from './import-module.js';
import type { KeySegment } from './key-path.js';
import { parseSettings } from './parse.js';
import { copyPlain, isPlainObject } from './plain.js';
import { allProblems, firstProblem, type Problem } from './problems.js';
import { type ReadOptions, readRegularFile } from './read-regular-file.js';
import { type PartialSettings, settingsSchema } from './schema.js';

/** A settings file that was read and is valid. */
export interface ConfigFile {
  readonly file: string;
  readonly settings: PartialSettings;
  lineOf(path: readonly KeySegment[]): number | undefined;
}

export const MAX_CONFIG_BYTES = 256 * 1024;
const trustAdvice = 'Run `victor trust` (or pass --trust) to load it.';

export type ReadConfigOptions = Pick<ReadOptions, 'within' | 'ownedByUser'> & { readonly runCode: boolean };

/**
 * Reads one settings file; `undefined` when it says nothing. Code runs only with `runCode`.
 * Throws `ConfigError` for a file that is hostile, broken or has wrong settings.
 */
export async function readConfigFile(
  file: string,
  options: ReadConfigOptions,
): Promise<ConfigFile | undefined> {
  const content = await readContent(file, options);
  if (content === undefined) return undefined;
  return { file, settings: validate(content.value, file, content.lineOf), lineOf: content.lineOf };
}

/** The same, but with every mistake in its keys and values; `settings` is absent when there is one. */
export async function checkConfigFile(
  file: string,
  options: ReadConfigOptions,
): Promise<Partial<ConfigFile> & { readonly problems: readonly Problem[] }> {
  const content = await readContent(file, options);
  if (content === undefined) return { problems: [] };
  const { lineOf } = content;
  const { plain, error } = parse(content.value, file, lineOf);
  if (!error) return { file, settings: plain as PartialSettings, lineOf, problems: [] };
  return { file, lineOf, problems: allProblems(settingsSchema, error, plain, lineOf) };
}

type Content = Pick<ConfigFile, 'lineOf'> & { readonly value: unknown };

async function readContent(file: string, options: ReadConfigOptions): Promise<Content | undefined> {
  if (isCode(file) && !options.runCode) {
    throw new ConfigError(`${file} is code, and this folder is not trusted`, { advice: trustAdvice, file });
  }
  const read = readRegularFile(file, { ...options, maxBytes: MAX_CONFIG_BYTES });
  if (!read.ok) throw new ConfigError(`${file} ${read.reason}`, { advice: read.advice, file });
  if (read.text.trim() === '') return undefined;
  const content = isCode(file)
    ? { value: await runConfig(file), lineOf: () => undefined }
    : await parseSettings(read.text, file, basename(file) === 'package.json' ? 'victor' : undefined);
  return content.value === null ? undefined : content;
}

/** The settings of one layer, without defaults. Throws `ConfigError` naming file, line and key. */
export function validate(
  value: unknown,
  file: string,
  lineOf: ConfigFile['lineOf'] = () => undefined,
): PartialSettings {
  const { plain, error } = parse(value, file, lineOf);
  if (!error) return plain as PartialSettings;
  const problem = firstProblem(settingsSchema, error, plain, lineOf);
  const line = lineOf(problem.path);
  // What is set by its key names that already.
  const place = file === problem.key && problem.message.startsWith(file) ? '' : `${at(file, line)}: `;
  throw new ConfigError(`${place}${problem.message}`, {
    advice: problem.advice,
    file,
    key: problem.key,
    line,
  });
}

function parse(
  value: unknown,
  file: string,
  lineOf: ConfigFile['lineOf'],
): { readonly plain: unknown; readonly error?: z.ZodError } {
  if (!isPlainObject(value)) {
    throw new ConfigError(`${file}: settings are keys and values, such as "model: …"`, {
      advice: 'Correct the file; .victorrc.example shows every setting.',
      file,
    });
  }
  if (Object.hasOwn(value, '$import')) {
    throw new ConfigError(`${at(file, lineOf(['$import']))}: $import is not supported`, {
      advice: 'Write the settings into this file.',
      file,
      key: '$import',
      line: lineOf(['$import']),
    });
  }
  const { $schema: schema, ...settings } = value;
  // In JSON this is how a file tells an editor its schema.
  const given = typeof schema === 'string' ? settings : value;
  const plain = copyPlain(given, { describe: file, file, dataOnly: true });
  const { error } = settingsSchema.safeParse(plain);
  return { plain, ...(error ? { error } : {}) };
}

async function runConfig(file: string): Promise<unknown> {
  try {
    const { default: value } = await importModule(file);
    return value ?? missingDefault(file);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const advice = error instanceof VictorError ? error.advice : 'Run the file with node to see where.';
    const message = error instanceof VictorError ? error.message : `${file}: ${(error as Error).message}`;
    throw new ConfigError(message, { advice, file, cause: error });
  }
}

function missingDefault(file: string): never {
  const how = extname(file) === '.cjs' ? 'module.exports = { … }' : 'export default { … }';
  throw new ConfigError(`${file} exports no settings`, { advice: `End it with ${how}.`, file });
}

function at(file: string, line: number | undefined): string {
  return line === undefined ? file : `${file}:${line}`;
}
