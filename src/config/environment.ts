import { ConfigError } from '../core/errors.js';
import type { KeySegment } from './key-path.js';
import { isPlainObject } from './plain.js';
import { firstProblem } from './problems.js';
import { type PartialSettings, settingsSchema } from './schema.js';

type Kind = 'text' | 'number' | 'boolean';

/** Every setting that the environment can give. Permission, trust and credential keys are left out on purpose. */
export const environmentVariables: readonly {
  readonly variable: string;
  readonly path: readonly string[];
  readonly kind: Kind;
}[] = [
  { variable: 'VICTOR_PROVIDER', path: ['provider'], kind: 'text' },
  { variable: 'VICTOR_MODEL', path: ['model'], kind: 'text' },
  { variable: 'VICTOR_BASE_URL', path: ['baseURL'], kind: 'text' },
  { variable: 'VICTOR_MAX_TOKENS', path: ['maxTokens'], kind: 'number' },
  { variable: 'VICTOR_MAX_TURNS', path: ['maxTurns'], kind: 'number' },
  { variable: 'VICTOR_MAX_TOOL_CALLS', path: ['maxToolCalls'], kind: 'number' },
  { variable: 'VICTOR_MAX_TOTAL_TOKENS', path: ['maxTotalTokens'], kind: 'number' },
  { variable: 'VICTOR_MAX_MINUTES', path: ['maxMinutes'], kind: 'number' },
  { variable: 'VICTOR_MAX_BUDGET_USD', path: ['maxBudgetUsd'], kind: 'number' },
  { variable: 'VICTOR_CONTEXT_WINDOW', path: ['contextWindow'], kind: 'number' },
  { variable: 'VICTOR_COMPACTION', path: ['compaction', 'strategy'], kind: 'text' },
  { variable: 'VICTOR_COMPACTION_THRESHOLD', path: ['compaction', 'threshold'], kind: 'number' },
  { variable: 'VICTOR_TOOL_SELECTION', path: ['toolSelection', 'strategy'], kind: 'text' },
  { variable: 'VICTOR_MAX_TOOLS', path: ['toolSelection', 'maxTools'], kind: 'number' },
  { variable: 'VICTOR_ANALYTICS', path: ['analytics', 'enabled'], kind: 'boolean' },
];

/** Whole words, so that VICTOR_MODEL is not taken for a mode. */
const authorityPattern =
  /^VICTOR_(?:PERMISSIONS?|ALLOW(?:ED)?|DENY|DENIED|MODE|TRUST(?:ED)?|YOLO|SANDBOX|CREDENTIALS?|API_KEY_FILE)(?:_|$)/;

export interface EnvironmentLayer {
  readonly settings: PartialSettings;
  /** Which variable gave a dotted key. */
  readonly variables: Readonly<Record<string, string>>;
  readonly notices: readonly string[];
}

/** The settings in VICTOR_* variables; an empty variable counts as unset. Throws `ConfigError` naming the variable. */
export function environmentSettings(environment: NodeJS.ProcessEnv): EnvironmentLayer {
  const values: Record<string, unknown> = {};
  const variables: Record<string, string> = {};
  for (const { variable, path, kind } of environmentVariables) {
    const text = environment[variable];
    if (text === undefined || text === '') continue;
    assign(values, path, convert(variable, text, kind));
    variables[path.join('.')] = variable;
  }
  const result = settingsSchema.safeParse(values);
  if (!result.success) {
    const problem = firstProblem(settingsSchema, result.error, values);
    const variable = variables[problem.key] ?? 'environment';
    throw new ConfigError(`${variable}: ${problem.message}`, {
      advice: `Correct or unset ${variable}.`,
      key: variable,
    });
  }
  return { settings: values as PartialSettings, variables, notices: refused(environment) };
}

function refused(environment: NodeJS.ProcessEnv): string[] {
  const names = Object.keys(environment).filter((name) => authorityPattern.test(name) && environment[name]);
  if (names.length === 0) return [];
  return [
    `${names.sort().join(', ')}: ignored, because the environment cannot widen what the agent may do. Use flags or your user settings.`,
  ];
}

function convert(variable: string, text: string, kind: Kind): unknown {
  if (kind === 'text') return text;
  if (kind === 'number') {
    const number = Number(text);
    if (text.trim() !== '' && Number.isFinite(number)) return number;
    throw new ConfigError(`${variable} is ${JSON.stringify(text)}: expected a number`, {
      advice: `Correct or unset ${variable}.`,
      key: variable,
    });
  }
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  if (/^(0|false|no|off)$/i.test(text)) return false;
  throw new ConfigError(`${variable} is ${JSON.stringify(text)}: expected true or false`, {
    advice: `Correct or unset ${variable}.`,
    key: variable,
  });
}

function assign(target: Record<string, unknown>, path: readonly KeySegment[], value: unknown): void {
  const [first, ...rest] = path;
  if (rest.length === 0) {
    target[first!] = value;
    return;
  }
  const existing = target[first!];
  const child = isPlainObject(existing) ? existing : {};
  target[first!] = child;
  assign(child, rest, value);
}
