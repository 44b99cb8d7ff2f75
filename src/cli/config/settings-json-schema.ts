import * as z from 'zod';
import { builtInCompactionStrategies } from '../../compaction/index.js';
import { settingsSchema } from '../../config/schema.js';
import { builtInConfigProviders } from '../../config-providers/index.js';
import { builtInContributors } from '../../contributors/index.js';
import { builtInExporters } from '../../exporters/index.js';
import { presets } from '../../providers/presets.js';
import { builtInSelectionStrategies } from '../../selection/index.js';
import { builtInOptions } from './built-in-options.js';

type Schema = z.core.JSONSchema.JSONSchema;

/** The settings as JSON schema, draft 2020-12, for editors: each key with its description, default and examples. */
export function settingsJsonSchema(): Schema {
  const schema = z.toJSONSchema(settingsSchema, {
    io: 'input',
    target: 'draft-2020-12',
    // "format" only informs; the pattern is what the settings really ask for.
    override: ({ jsonSchema }) => {
      if (jsonSchema.format === 'uri') jsonSchema.pattern = '^[hH][tT][tT][pP][sS]?://[^@/?#\\s]+([/?#].*)?$';
    },
  });
  const { properties = {} } = schema;
  const options = builtInOptions();
  for (const [key, names] of Object.entries(builtInNames())) {
    const place = key.split('.').reduce<Schema>((node, part) => property(node, part), schema);
    const entry = place.type === 'array' ? (place.items as Schema) : place;
    Object.assign(entry, { examples: names });
    entry.anyOf?.push(...withOptions(options[key] ?? {}));
  }
  return {
    ...schema,
    title: 'Settings of Victor',
    description: 'What .victorrc and its like may say; victor config show tells what holds.',
    properties: { $schema: { type: 'string', description: 'Where this schema is kept' }, ...properties },
  };
}

/** A built-in with its options, beside the free form for files and packages, so that an editor completes them. */
function withOptions(byName: Readonly<Record<string, Schema>>): Schema[] {
  return Object.entries(byName).map(([name, options]) => ({
    type: 'array',
    prefixItems: [{ type: 'string', enum: [name] }, options],
    minItems: 2,
    maxItems: 2,
  }));
}

function property(node: Schema, name: string): Schema {
  return node.properties?.[name] as Schema;
}

/** What stands for a built-in, by the key that takes it; any other value is a file or a package. */
function builtInNames(): Readonly<Record<string, readonly string[]>> {
  const workspace = { cwd: '/', workspaceRoot: '/', trusted: false };
  return {
    provider: [...Object.keys(presets), 'offline'],
    'compaction.strategy': Object.keys(builtInCompactionStrategies),
    'toolSelection.strategy': Object.keys(builtInSelectionStrategies),
    contributors: Object.keys(builtInContributors(workspace)),
    configProviders: Object.keys(builtInConfigProviders({})),
    exporters: Object.keys(builtInExporters({})),
  };
}
