import { extname, join } from 'node:path';
import { ConfigError } from '../core/errors.js';
import { MAX_CONFIG_BYTES, validate } from './config-file.js';
import { existingPlaces, isCode, userSearchPlaces } from './find.js';
import { formatKey, parseKey } from './key-path.js';
import { nearest } from './nearest.js';
import { documentOptions, parseSettings } from './parse.js';
import type { VictorPaths } from './paths.js';
import { knownKeys } from './problems.js';
import { readRegularFile } from './read-regular-file.js';
import { settingsSchema } from './schema.js';
import { writePrivateFile } from './write-private-file.js';

export interface UserSetting {
  /** Dotted, as in `compaction.threshold` or `prices["gpt-4.1"].input`. */
  readonly key: string;
  /** YAML; text that is no valid value that way counts as plain text. */
  readonly value: string;
  readonly paths: Pick<VictorPaths, 'configDirectory'>;
}

/**
 * Sets one key in the user's own settings file, keeping the comments in it; nothing is written unless the file is
 * valid afterwards. Throws `ConfigError`, for an unknown key with the nearest one.
 */
export async function setUserSetting({ key, value, paths }: UserSetting): Promise<{ file: string }> {
  const path = parseKey(key);
  if (!path) {
    const meant = nearest(key, knownKeys(settingsSchema));
    throw new ConfigError(`${JSON.stringify(key)} is not a key`, {
      advice: meant === undefined ? 'Write it as in compaction.threshold.' : `Did you mean ${meant}?`,
      key,
    });
  }
  const file = userSettingsFile(paths);
  const before = readExisting(file);
  // What is wrong with the file already is reported as such, with its line.
  const parsed = await parseSettings(before, file);
  if (parsed.value !== null) validate(parsed.value, file, parsed.lineOf);
  const after = await withValue(before, path, value, extname(file) === '.json');
  writePrivateFile(file, after);
  return { file };
}

/** Removes one key from the user's own settings file, keeping the rest as it is; `false` where it is not there. Throws `ConfigError`. */
export async function removeUserSetting({ key, paths }: Omit<UserSetting, 'value'>): Promise<boolean> {
  const path = parseKey(key) ?? [key];
  const file = userSettingsFile(paths);
  const before = readExisting(file);
  const parsed = await parseSettings(before, file);
  if (parsed.value !== null) validate(parsed.value, file, parsed.lineOf);
  const yaml = await import('yaml');
  const document = yaml.parseDocument(before, documentOptions);
  if (!document.hasIn(path)) return false;
  document.deleteIn(path);
  const isJsonFile = extname(file) === '.json' || isJson(before);
  const after = isJsonFile
    ? `${JSON.stringify(document.toJS(), undefined, 2)}\n`
    : document.toString({ lineWidth: 0 });
  writePrivateFile(file, after);
  return true;
}

/** The file that holds the user's settings, or will. Throws `ConfigError` when it is code, which only people can edit. */
export function userSettingsFile(paths: Pick<VictorPaths, 'configDirectory'>): string {
  const place = existingPlaces(paths.configDirectory, userSearchPlaces)[0] ?? userSearchPlaces[0];
  const file = join(paths.configDirectory, place);
  if (isCode(place) || place === 'package.json') {
    throw new ConfigError(`Your settings are in ${file}, which only you can edit`, {
      advice: 'Change it in an editor.',
      file,
    });
  }
  return file;
}

function readExisting(file: string): string {
  const read = readRegularFile(file, { maxBytes: MAX_CONFIG_BYTES, ownedByUser: true });
  if (read.ok) return read.text;
  if (read.missing) return '';
  throw new ConfigError(`${file} ${read.reason}`, { advice: read.advice, file });
}

/** The text of the file with the value in it: as YAML reads it if that is valid, else as plain text. */
async function withValue(
  before: string,
  path: readonly string[],
  value: string,
  json: boolean,
): Promise<string> {
  const yaml = await import('yaml');
  const readings = [await readAsYaml(value), value];
  let problem: unknown;
  for (const reading of readings) {
    const document = yaml.parseDocument(before, documentOptions);
    if (document.contents === null)
      document.contents = document.createNode({}) as unknown as typeof document.contents;
    try {
      document.setIn(path, isList(reading) ? document.createNode(reading, { flow: true }) : reading);
      const whole: unknown = document.toJS();
      validate(whole, formatKey(path));
      if (json || isJson(before)) return `${JSON.stringify(whole, undefined, 2)}\n`;
      return document.toString({ lineWidth: 0 });
    } catch (error) {
      problem ??= error instanceof ConfigError ? error : notAList(path, error);
    }
  }
  throw problem;
}

async function readAsYaml(value: string): Promise<unknown> {
  try {
    return (await parseSettings(value, 'The value')).value;
  } catch {
    return value;
  }
}

/** A plain value goes in as it is, which keeps the comment beside the old one. */
function isList(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** The document refuses a key below something that has no keys. */
function notAList(path: readonly string[], cause: unknown): ConfigError {
  const key = formatKey(path);
  return new ConfigError(`${key} cannot be set: what is above it has no keys`, {
    advice: `Set ${formatKey(path.slice(0, 1))} as a whole, or remove it from the file first.`,
    key,
    cause,
  });
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}
