import type { CommandLine } from '../command-line.js';
import { formatJson } from '../format-json.js';
import { settingsJsonSchema } from './settings-json-schema.js';

/** Prints the JSON schema of settings files. */
export function printSchema(cli: CommandLine): void {
  cli.stdout.write(formatJson(settingsJsonSchema()));
}
