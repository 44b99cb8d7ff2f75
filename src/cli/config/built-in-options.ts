import * as z from 'zod';
import { compactionOptions } from '../../compaction/index.js';
import { optionsSchema as env } from '../../config-providers/env.js';
import { optionsSchema as http } from '../../config-providers/http.js';
import { optionsSchema as postgresConfig } from '../../config-providers/postgres.js';
import { optionsSchema as codeStyle } from '../../contributors/code-style.js';
import { optionsSchema as compliance } from '../../contributors/compliance.js';
import { optionsSchema as environment } from '../../contributors/environment.js';
import { optionsSchema as language } from '../../contributors/language.js';
import { optionsSchema as console } from '../../exporters/console.js';
import { optionsSchema as file } from '../../exporters/file.js';
import { optionsSchema as otlp } from '../../exporters/otlp.js';
import { optionsSchema as postgresExporter } from '../../exporters/postgres.js';
import { optionsSchema as pushgateway } from '../../exporters/prometheus-pushgateway.js';
import { optionsSchema as sqlite } from '../../exporters/sqlite.js';
import { optionsSchema as webhook } from '../../exporters/webhook.js';
import { selectionOptions } from '../../selection/index.js';

const none = z.strictObject({});

/** What no settings file can hold, and what is filled in from where the file lies. */
const programOnly = ['stream', 'baseDirectory'];

/** The schemas of the options of every built-in, by the setting that names it. */
const schemas: Readonly<Record<string, Readonly<Record<string, z.ZodType>>>> = {
  configProviders: { env, http, postgres: postgresConfig },
  contributors: {
    base: none,
    'project-files': none,
    mode: none,
    compliance,
    'code-style': codeStyle,
    language,
    environment,
  },
  'compaction.strategy': compactionOptions,
  'toolSelection.strategy': selectionOptions,
  exporters: {
    console,
    file,
    sqlite,
    postgres: postgresExporter,
    webhook,
    'prometheus-pushgateway': pushgateway,
    otlp,
  },
};

type Schema = z.core.JSONSchema.JSONSchema;

/** The same as JSON schemas, as far as a settings file can give them. */
export function builtInOptions(): Readonly<Record<string, Readonly<Record<string, Schema>>>> {
  return mapped(schemas, (byName) => mapped(byName, jsonSchemaOf));
}

function jsonSchemaOf(options: z.ZodType): Schema {
  const { $schema, ...schema } = z.toJSONSchema(options, { io: 'input', unrepresentable: 'any' });
  const properties = Object.entries(schema.properties ?? {}).filter(([name]) => !programOnly.includes(name));
  return { ...schema, properties: Object.fromEntries(properties) };
}

function mapped<From, To>(
  all: Readonly<Record<string, From>>,
  change: (one: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(all).map(([name, one]) => [name, change(one)]));
}
