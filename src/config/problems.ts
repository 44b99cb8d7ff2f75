import * as z from 'zod';
import { formatKey, type KeySegment, quote } from './key-path.js';
import { maskSecrets } from './mask-secrets.js';
import { nearest } from './nearest.js';

/** One thing that is wrong with a layer of settings, in words. */
export interface Problem {
  readonly path: readonly KeySegment[];
  /** Dotted. */
  readonly key: string;
  readonly message: string;
  readonly advice: string;
}

type LineOf = (path: readonly KeySegment[]) => number | undefined;

/** Every problem, in the order of `lineOf`, else of the schema. */
export function allProblems(
  schema: z.ZodType,
  error: z.ZodError,
  input: unknown,
  lineOf: LineOf = () => undefined,
): Problem[] {
  const problems = error.issues.flatMap((issue) => describeIssue(schema, issue, input));
  const line = (problem: Problem) => lineOf(problem.path) ?? Number.POSITIVE_INFINITY;
  return problems.sort((a, b) => Math.sign(line(a) - line(b)) || 0);
}

/** The first of them, with a count of the others. */
export function firstProblem(
  schema: z.ZodType,
  error: z.ZodError,
  input: unknown,
  lineOf: LineOf = () => undefined,
): Problem {
  const [first, ...others] = allProblems(schema, error, input, lineOf);
  if (!first) throw error;
  if (others.length === 0) return first;
  return { ...first, message: `${first.message} (and ${others.length} more)` };
}

/** Every dotted key that the schema knows; names that users choose (models, workflows) are left out. */
export function knownKeys(schema: z.ZodType): string[] {
  const keys: string[] = [];
  const walk = (node: JsonSchema, path: readonly string[]): void => {
    for (const [key, child] of Object.entries(node.properties ?? {})) {
      keys.push(formatKey([...path, key]));
      walk(child, [...path, key]);
    }
  };
  walk(jsonSchema(schema), []);
  return keys;
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly propertyNames?: { readonly enum?: readonly string[] };
  readonly items?: JsonSchema | boolean;
}

function jsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
}

function describeIssue(schema: z.ZodType, issue: z.core.$ZodIssue, input: unknown): Problem[] {
  const path = issue.path.filter((segment) => typeof segment !== 'symbol');
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(schema, path, key));
  const key = formatKey(path);
  if (issue.code === 'invalid_key') return [unknownKey(schema, path.slice(0, -1), String(path.at(-1)))];
  const what = issue.message.replace(/^Invalid (input|option|URL): /, '').replace(/^Too (small|big): /, '');
  const given = valueAt(input, path);
  const words = issue.code === 'invalid_value' ? `expected one of ${issue.values.join(', ')}` : what;
  const meant =
    issue.code === 'invalid_value' && typeof given === 'string'
      ? nearest(given, issue.values.map(String))
      : undefined;
  const subject = key === '' ? 'the settings' : key;
  return [
    {
      path,
      key,
      message: `${subject} is ${show(given, String(path.at(-1) ?? ''))}: ${words.replace(/, received .*$/, '')}`,
      advice:
        meant === undefined
          ? `Correct ${subject}, or remove it to use the default.`
          : `Did you mean ${meant}?`,
    },
  ];
}

function unknownKey(schema: z.ZodType, parent: readonly KeySegment[], key: string): Problem {
  const path = [...parent, key];
  const dotted = formatKey(path);
  const siblings = keysAt(jsonSchema(schema), parent);
  const sibling = nearest(key, siblings);
  const known = knownKeys(schema);
  // A key in the wrong place is as common as a misspelt one: `threshold` is `compaction.threshold`.
  const elsewhere = known.find((one) => one.split('.').at(-1) === key) ?? nearest(dotted, known);
  const meant = sibling === undefined ? elsewhere : formatKey([...parent, sibling]);
  const list = siblings.length === 0 ? '' : ` Known here: ${siblings.join(', ')}.`;
  return {
    path,
    key: dotted,
    message: `unknown key ${dotted}`,
    advice: meant === undefined ? `Remove it.${list}` : `Did you mean ${meant}?`,
  };
}

/** The keys that an object at `path` may have. */
function keysAt(schema: JsonSchema, path: readonly KeySegment[]): string[] {
  let node: JsonSchema | undefined = schema;
  for (const segment of path) {
    const next: JsonSchema | boolean | undefined =
      typeof segment === 'number' ? node.items : (node.properties?.[segment] ?? node.additionalProperties);
    if (typeof next !== 'object') return [];
    node = next;
  }
  return [...Object.keys(node.properties ?? {}), ...(node.propertyNames?.enum ?? [])];
}

function valueAt(input: unknown, path: readonly KeySegment[]): unknown {
  let value = input;
  for (const segment of path) value = (value as Record<KeySegment, unknown> | undefined)?.[segment];
  return value;
}

function show(value: unknown, name: string): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'function') return 'a function';
  const text = quote(maskSecrets(value, name));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
