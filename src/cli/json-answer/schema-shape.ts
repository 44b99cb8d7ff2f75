import * as z from 'zod';
import { isRecord } from '../../core/is-record.js';

const types = z.enum(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);
const count = z.int().nonnegative();
const pattern = z.string().refine(isPattern, 'must be a regular expression of JavaScript');

const schema: z.ZodType = z.lazy(() => z.union([z.boolean(), object]));
const named = z.record(z.string(), schema);
const list = z.array(schema).min(1);

/** The keywords that a validator would otherwise pass over in silence where they are written wrong. */
const object: z.ZodType = z.lazy(() =>
  z
    .looseObject({
      $ref: z.string(),
      $defs: named,
      definitions: named,
      type: z.union([types, z.array(types).min(1)]),
      enum: z.array(z.unknown()).min(1),
      properties: named,
      patternProperties: named,
      additionalProperties: schema,
      propertyNames: schema,
      required: z.array(z.string()),
      minProperties: count,
      maxProperties: count,
      items: z.union([schema, z.array(schema)]),
      prefixItems: list,
      contains: schema,
      minItems: count,
      maxItems: count,
      uniqueItems: z.boolean(),
      minLength: count,
      maxLength: count,
      pattern,
      format: z.string(),
      minimum: z.number(),
      maximum: z.number(),
      multipleOf: z.number().positive(),
      allOf: list,
      anyOf: list,
      oneOf: list,
      not: schema,
      if: schema,
      // biome-ignore lint/suspicious/noThenProperty: the keyword's name.
      then: schema,
      else: schema,
    })
    .partial(),
);

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}

/** What is wrong with a JSON schema, with the place of it; `undefined` where nothing is. */
export function schemaMistake(value: unknown): string | undefined {
  if (!isRecord(value)) return 'it must be an object, such as { "type": "object", … }';
  const issue = object.safeParse(value).error?.issues[0];
  if (issue) return placed(deepest(issue));
  return missingReference(value, value);
}

/** Of a union the branch that came furthest: what stands there was meant. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const inner = issue.errors
    .flatMap((branch) => branch.slice(0, 1).map(deepest))
    .sort((one, other) => other.path.length - one.path.length)[0];
  if (!inner) return issue;
  return { ...inner, path: [...issue.path, ...inner.path] } as z.core.$ZodIssue;
}

function placed({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}

/** A reference that leads nowhere would only show in the answer that reaches it, which has cost money by then. */
function missingReference(part: unknown, whole: unknown, path: readonly string[] = []): string | undefined {
  if (Array.isArray(part)) return first(part.entries(), whole, path);
  if (!isRecord(part)) return undefined;
  const { $ref } = part;
  if (typeof $ref === 'string') {
    const place = [...path, '$ref'].join('.');
    if (!$ref.startsWith('#'))
      return `${place}: only parts of the schema itself can be meant, such as #/$defs/name`;
    if (($ref === '#' || $ref.startsWith('#/')) && !leadsTo($ref, whole))
      return `${place}: there is no ${$ref}`;
  }
  return first(Object.entries(part), whole, path);
}

function first(
  entries: Iterable<readonly [string | number, unknown]>,
  whole: unknown,
  path: readonly string[],
): string | undefined {
  for (const [key, value] of entries) {
    // Values, not schemas: what stands there is compared as it is.
    if (key === 'enum' || key === 'const' || key === 'default' || key === 'examples') continue;
    const missing = missingReference(value, whole, [...path, String(key)]);
    if (missing !== undefined) return missing;
  }
  return undefined;
}

function leadsTo(reference: string, whole: unknown): boolean {
  let at = whole;
  for (const step of reference.slice(1).split('/').slice(1)) {
    const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return false;
    at = (at as Record<string, unknown>)[key];
  }
  return true;
}
