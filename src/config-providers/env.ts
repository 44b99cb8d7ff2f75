import * as z from 'zod';
import { nearest } from '../config/nearest.js';
import { firstProblem } from '../config/problems.js';
import { settingsSchema } from '../config/schema.js';
import { ConfigError } from '../core/errors.js';
import type { ConfigProvider } from '../core/extension.js';
import { isRecord } from '../core/is-record.js';

export const optionsSchema = z.strictObject({
  prefix: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_]*_$/, 'expected letters, digits and _, with _ at the end, such as TEAM_')
    .refine((prefix) => !/^VICTOR_/i.test(prefix), 'VICTOR_ variables are settings already; choose another'),
  priority: z.number().optional(),
});

type Tree = Record<string, unknown>;

/**
 * Settings of every session from environment variables, for what differs by deployment. With `{ prefix: 'TEAM_' }`,
 * `TEAM_MAX_TURNS=5` is `maxTurns: 5` and `TEAM_COMPACTION__THRESHOLD=0.5` is `compaction: { threshold: 0.5 }`: one
 * underscore parts words, two part keys. A value that is JSON counts as that, any other as text; an empty one is unset.
 * `getConfig` throws a `ConfigError` that names the variable.
 */
export function createEnvironmentConfigProvider(
  options: unknown,
  environment: NodeJS.ProcessEnv,
): ConfigProvider {
  const { prefix, priority = 50 } = optionsSchema.parse(options ?? {});
  return { name: 'env', priority, getConfig: () => settingsFrom(environment, prefix) };
}

function settingsFrom(environment: NodeJS.ProcessEnv, prefix: string): Tree {
  const tree: Tree = {};
  const given: { readonly variable: string; readonly path: readonly string[] }[] = [];
  for (const variable of Object.keys(environment).sort()) {
    const text = environment[variable];
    if (!variable.startsWith(prefix) || text === undefined || text === '') continue;
    const path = settingPath(variable, variable.slice(prefix.length));
    assign(tree, path, parsedValue(text), variable);
    given.push({ variable, path });
  }
  const result = settingsSchema.safeParse(tree);
  if (result.success) return tree;
  const problem = firstProblem(settingsSchema, result.error, tree);
  const guilty = given.find(({ path }) => path.every((key, index) => problem.path[index] === key));
  const variable = guilty?.variable ?? `${prefix}*`;
  throw new ConfigError(`${variable}: ${problem.message}`, { advice: problem.advice, key: variable });
}

/** `MAX_BUDGET_USD` as `['maxBudgetUsd']`. The first key is one that exists, whatever its capitals: `baseURL`. */
function settingPath(variable: string, name: string): string[] {
  const [first = '', ...rest] = name.split('__').map(camelCase);
  const known = Object.keys(settingsSchema.shape);
  const key = known.find((one) => one.toLowerCase() === first.toLowerCase());
  // An empty name, and one of __proto__, end here too.
  if (key !== undefined && rest.every((one) => /^[A-Za-z]/.test(one))) return [key, ...rest];
  const meant = nearest(first, known);
  throw new ConfigError(`${variable} names no setting`, {
    advice: `${meant === undefined ? '' : `Did you mean ${meant}? `}Correct or unset it, or choose another prefix.`,
    key: variable,
  });
}

function camelCase(segment: string): string {
  return segment.toLowerCase().replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function parsedValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function assign(tree: Tree, [first, ...rest]: readonly string[], value: unknown, variable: string): void {
  const key = first!;
  if (rest.length === 0) {
    tree[key] = value;
    return;
  }
  if (!Object.hasOwn(tree, key)) tree[key] = {};
  const child = tree[key];
  if (isRecord(child)) {
    assign(child, rest, value, variable);
    return;
  }
  throw new ConfigError(`${variable}: ${key} has a value of its own in another variable`, {
    advice: 'Unset one of the two.',
    key: variable,
  });
}
