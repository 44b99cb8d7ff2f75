import { parseKey } from '../../config/key-path.js';
import { settingsJsonSchema } from '../config/settings-json-schema.js';

type Schema = ReturnType<typeof settingsJsonSchema>;

/** What a setting may be where that is one of a few words: choices, yes and no, and names of what is built in. */
export function settingValues(key: string): readonly string[] {
  let node: Schema | undefined = settingsJsonSchema();
  for (const segment of parseKey(key) ?? []) {
    const properties: Schema['properties'] = node?.properties;
    if (!properties || !Object.hasOwn(properties, segment)) return [];
    node = asSchema(properties[segment]);
  }
  return [...new Set(node ? valuesOf(node) : [])];
}

function valuesOf(node: Schema): string[] {
  const { type, enum: choices = [], examples = [], anyOf = [], const: only } = node;
  // A list is written as one, which no shell completes.
  if (type === 'array' || type === 'object') return [];
  const said = [...choices, ...(only === undefined ? [] : [only]), ...(examples as unknown[])];
  return [
    ...said.filter((value) => ['string', 'boolean', 'number'].includes(typeof value)).map(String),
    ...(type === 'boolean' ? ['true', 'false'] : []),
    ...anyOf.flatMap((one) => valuesOf(asSchema(one) ?? {})),
  ];
}

function asSchema(node: unknown): Schema | undefined {
  return typeof node === 'object' && node !== null ? (node as Schema) : undefined;
}
