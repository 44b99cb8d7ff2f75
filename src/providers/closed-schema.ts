import { isRecord } from '../core/is-record.js';

type Schema = Readonly<Record<string, unknown>>;

/** What every provider that takes a schema takes of it; anything else is refused by one or the other. */
const taken = new Set([
  'title',
  'description',
  'type',
  'enum',
  'const',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'anyOf',
]);

/**
 * The schema as providers take it, or `undefined` where they would not: its root and every object in it is closed, each of
 * its members required, and nothing else is said that only some of them know. The model is asked in words then.
 */
export function closedSchema(schema: Schema | undefined): Schema | undefined {
  if (schema?.type !== 'object') return undefined;
  // They say nothing of a value.
  const { $schema, $id, ...rest } = schema;
  return closed(rest);
}

function closed(schema: unknown): Schema | undefined {
  if (!isRecord(schema) || !Object.keys(schema).every((key) => taken.has(key))) return undefined;
  if (schema.enum !== undefined || schema.const !== undefined) return closedChoice(schema);
  if (schema.anyOf !== undefined) {
    const branches = Array.isArray(schema.anyOf) ? schema.anyOf.map(closed) : [undefined];
    const alone = schema.type === undefined && schema.properties === undefined && schema.items === undefined;
    return alone && branches.every((one) => one !== undefined) ? { ...schema, anyOf: branches } : undefined;
  }
  if (schema.type === 'object') return closedObject(schema);
  if (schema.type === 'array') {
    const items = closed(schema.items);
    return items && { ...schema, items };
  }
  const types = [schema.type].flat();
  return types.every((one) => typeof one === 'string' && simple.has(one)) ? schema : undefined;
}

const simple = new Set(['string', 'number', 'integer', 'boolean', 'null']);

/** Some want to be told the type of what stands there. */
function closedChoice(schema: Schema): Schema | undefined {
  const values = Array.isArray(schema.enum) ? schema.enum : [schema.const];
  const types = [...new Set(values.map((value) => (value === null ? 'null' : typeof value)))];
  if (!types.every((one) => simple.has(one)) || schema.properties !== undefined) return undefined;
  return { type: types.length === 1 ? types[0] : types, ...schema };
}

function closedObject(schema: Schema): Schema | undefined {
  const { properties, required, additionalProperties } = schema;
  if (!isRecord(properties) || additionalProperties !== false || !Array.isArray(required)) return undefined;
  const members = Object.entries(properties).map(([name, one]) => [name, closed(one)] as const);
  const whole = members.every(([name, one]) => one !== undefined && required.includes(name));
  return whole ? { ...schema, properties: Object.fromEntries(members) } : undefined;
}
