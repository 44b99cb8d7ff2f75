type Schema = Readonly<Record<string, unknown>>;

const annotations = new Set(['$schema', 'title', 'description', 'default', 'examples', 'format']);

/**
 * What is wrong with a value by a JSON schema of draft 2020-12, as paths with the keyword that refuses them. A keyword
 * that is not known here throws: a schema must not pass because nobody looked.
 */
export function schemaProblems(schema: unknown, value: unknown, path = '$'): string[] {
  if (schema === true) return [];
  if (schema === false) return [`${path} false`];
  return Object.entries(schema as Schema).flatMap(([keyword, rule]) => {
    if (annotations.has(keyword)) return [];
    const check = checks[keyword];
    if (!check) throw new Error(`${path}: the schema has the keyword ${keyword}, which is not checked here`);
    return check(rule as never, value, path, schema as Schema).map((problem) =>
      problem === '' ? `${path} ${keyword}` : problem,
    );
  });
}

/** Problems of parts by their path; an empty text for one of the value itself. */
type Check = (rule: never, value: unknown, path: string, schema: Schema) => string[];

const refuse = (holds: boolean) => (holds ? [] : ['']);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
};

const checks: Readonly<Record<string, Check>> = {
  type: (rule: string, value) => refuse(types[rule]!(value)),
  const: (rule: unknown, value) => refuse(value === rule),
  enum: (rule: readonly unknown[], value) => refuse(rule.includes(value)),
  minLength: (rule: number, value) => refuse(typeof value !== 'string' || [...value].length >= rule),
  maxLength: (rule: number, value) => refuse(typeof value !== 'string' || [...value].length <= rule),
  pattern: (rule: string, value) => refuse(typeof value !== 'string' || new RegExp(rule, 'u').test(value)),
  minimum: (rule: number, value) => refuse(typeof value !== 'number' || value >= rule),
  maximum: (rule: number, value) => refuse(typeof value !== 'number' || value <= rule),
  exclusiveMinimum: (rule: number, value) => refuse(typeof value !== 'number' || value > rule),
  minItems: (rule: number, value) => refuse(!Array.isArray(value) || value.length >= rule),
  maxItems: (rule: number, value) => refuse(!Array.isArray(value) || value.length <= rule),
  anyOf: (rule: readonly unknown[], value, path) =>
    refuse(rule.some((one) => schemaProblems(one, value, path).length === 0)),
  required: (rule: readonly string[], value) =>
    refuse(!isObject(value) || rule.every((key) => Object.hasOwn(value, key))),
  properties: (rule: Schema, value, path) =>
    isObject(value)
      ? Object.entries(rule).flatMap(([key, one]) =>
          Object.hasOwn(value, key) ? schemaProblems(one, value[key], `${path}.${key}`) : [],
        )
      : [],
  additionalProperties: (rule: unknown, value, path, { properties = {} }) =>
    isObject(value)
      ? Object.keys(value)
          .filter((key) => !Object.hasOwn(properties as Schema, key))
          .flatMap((key) => schemaProblems(rule, value[key], `${path}.${key}`))
      : [],
  propertyNames: (rule: unknown, value, path) =>
    isObject(value)
      ? Object.keys(value).flatMap((key) => schemaProblems(rule, key, `${path}.${key} name`))
      : [],
  prefixItems: (rule: readonly unknown[], value, path) =>
    Array.isArray(value)
      ? rule
          .slice(0, value.length)
          .flatMap((one, index) => schemaProblems(one, value[index], `${path}.${index}`))
      : [],
  items: (rule: unknown, value, path, { prefixItems = [] }) =>
    Array.isArray(value)
      ? value
          .slice((prefixItems as readonly unknown[]).length)
          .flatMap((one, index) => schemaProblems(rule, one, `${path}.${index}`))
      : [],
};
