import { type OutputUnit, type Schema, type SchemaDraft, Validator } from '@cfworker/json-schema';

/** That a part is wrong is said by the part. */
const wrappers = new Set([
  '$ref',
  'additionalProperties',
  'allOf',
  'items',
  'patternProperties',
  'prefixItems',
  'properties',
]);

/** What is wrong with a value by a schema, a sentence for each place; empty where nothing is. Never compiles it to code. */
export function schemaProblems(schema: Readonly<Record<string, unknown>>, value: unknown): string[] {
  const validator = new Validator(schema as Schema, draftOf(schema.$schema), false);
  const { valid, errors } = validator.validate(value);
  if (valid) return [];
  const parts = errors.filter(({ keyword }) => !wrappers.has(keyword));
  return [...new Set((parts.length > 0 ? parts : errors).map(sentence))];
}

function draftOf(name: unknown): SchemaDraft {
  if (typeof name !== 'string') return '2020-12';
  if (/draft-0?4/.test(name)) return '4';
  if (/draft-0?[67]/.test(name)) return '7';
  return name.includes('2019-09') ? '2019-09' : '2020-12';
}

function sentence({ instanceLocation, keyword, error }: OutputUnit): string {
  const place = instanceLocation === '#' ? 'The whole value' : instanceLocation.slice(1);
  return `${place}: ${keyword === 'false' ? 'Nothing may stand here.' : error}`;
}
