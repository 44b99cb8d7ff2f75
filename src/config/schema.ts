import * as z from 'zod';
import { type Coordinators, modes } from '../core/coordinator.js';
import { ConfigError } from '../core/errors.js';
import { ruleProblem } from '../permissions/rule.js';
import { copyPlain, freezePlain } from './plain.js';
import { firstProblem } from './problems.js';

/** `name`, `./path.js`, or `[name-or-path, { options }]`. */
export type Entry = string | readonly [string, Readonly<Record<string, unknown>>];

/** The fifteen keys that `coordinators` may have. */
export const coordinatorNames = [
  'config',
  'prompt',
  'context',
  'chat',
  'tool',
  'toolSelection',
  'session',
  'provider',
  'mode',
  'permission',
  'metrics',
  'analytics',
  'checkpoint',
  'evaluation',
  'workflow',
] as const satisfies readonly (keyof Coordinators)[];

const text = z.string().min(1);
const count = z.int().min(1);
const dollars = z.number().min(0);
const rule = text.superRefine((written, context) => {
  const message = ruleProblem(written);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});
const ruleList = z.array(rule);
const optionsOfEntry = z.record(z.string(), z.unknown());
const entry = z.union([text, z.tuple([text, optionsOfEntry])], {
  error: 'expected a name, a path such as ./file.js, or [name-or-path, { options }]',
});
const httpAddress = z
  .url({ protocol: /^https?$/, error: 'expected an address that starts with http:// or https://' })
  .refine((address) => !hasCredentials(address), 'a user name or password does not belong in an address');

const price = z.strictObject({
  input: dollars.describe('US dollars per million input tokens'),
  output: dollars.describe('US dollars per million output tokens'),
  cacheRead: dollars
    .optional()
    .describe('US dollars per million tokens read from a cache; 0.1 × input when absent'),
  cacheWrite: dollars
    .optional()
    .describe('US dollars per million tokens written to a cache; 1.25 × input when absent'),
});

const permissions = z.strictObject({
  mode: z
    .enum(modes)
    .default('ask')
    .describe(
      'What runs without asking: reads (ask), edits too (accept-edits), everything (yolo). plan and read-only refuse all but reads',
    ),
  allow: ruleList
    .default([])
    .describe(
      'What runs without asking, unless the mode refuses it: tools, or Tool(pattern) such as Bash(npm test) or Edit(*.md)',
    ),
  ask: ruleList
    .default([])
    .describe('What asks first even in mode yolo, until you allow it for the session: Tool or Tool(pattern)'),
  deny: ruleList
    .default([])
    .describe(
      'What never runs, whatever the mode, such as Bash(git push:*) or Read(secret/**); deny wins over ask, ask over allow',
    ),
});

const compaction = z.strictObject({
  strategy: entry
    .default('recent')
    .describe(
      'How a full context is made smaller: recent, summarize, semantic, task-aware, prune-tool-output, hybrid or none',
    ),
  threshold: z
    .number()
    .gt(0)
    .max(1)
    .default(0.8)
    .describe('Share of the context window, 0 to 1, from which the context is compacted'),
});

const toolSelection = z.strictObject({
  strategy: entry
    .refine((one) => typeof one === 'string' || one[0] !== 'hybrid', {
      error: 'hybrid is written without options: its share is the setting toolSelection.alpha',
    })
    .default('hybrid')
    .describe(
      'How tools are ranked when there are more than maxTools: keyword, semantic, hybrid, or your own',
    ),
  alpha: z
    .number()
    .min(0)
    .max(1)
    .default(0.7)
    .describe('What hybrid takes from semantic; the rest, up to 1, is from keyword'),
  maxTools: count.default(40).describe('Tools offered to the model at once; all are offered while they fit'),
});

const prompt = z.strictObject({
  append: text.optional().describe('Text that ends the system prompt'),
  context: z.record(z.string(), z.unknown()).default({}).describe('Values for prompt contributors, by name'),
});

const workflow = z.strictObject({
  description: text.optional().describe('One line for the list of workflows'),
  steps: z
    .array(
      z.strictObject({ prompt: text.describe('The prompt of this step; {{input}} stands for the input') }),
    )
    .min(1)
    .describe('Prompts, run in order in one session'),
});

/** Every setting that exists. Published as JSON schema, so each key describes itself. */
export const settingsSchema = z.strictObject({
  provider: entry
    .optional()
    .describe(
      'Who answers: anthropic, openai, ollama, … Absent: anthropic or openai, if its key is in the environment, else offline',
    ),
  model: text
    .optional()
    .describe('Model, as the provider calls it, or provider/model. Absent: the default of the provider'),
  baseURL: httpAddress
    .optional()
    .describe('Address of the API, for servers that speak the dialect of the provider'),
  apiKeyFile: text.optional().describe('File with the API key, readable by you alone. User settings only'),
  credentialHosts: z
    .array(z.string().regex(/^[^\s/@]+$/, 'expected a host such as models.example.com or localhost:8080'))
    .default([])
    .describe(
      'Hosts, with the port if it is unusual, that a key may be sent to besides its own. User settings only',
    ),
  maxTokens: count.default(8192).describe('Output tokens asked for per provider call'),
  maxTurns: count.default(50).describe('Provider calls that one request of yours may take'),
  maxBudgetUsd: z
    .number()
    .gt(0)
    .optional()
    .describe('US dollars one request of yours may cost; refused while the model has no price in prices'),
  contextWindow: count
    .optional()
    .describe('Tokens the model can see. Absent: what is known of the model, else 128,000'),
  prices: z
    .record(text, price)
    .default({})
    .describe(
      'What you pay, by model or provider/model. There is no built-in list: without a price a cost is shown as unknown',
    ),
  permissions: permissions.prefault({}).describe('What the agent may do'),
  sandbox: z
    .enum(['auto', 'require', 'off'])
    .default('auto')
    .describe(
      'Commands in a sandbox: where one works (auto), or not at all without one (require). off is for user settings',
    ),
  sandboxNetwork: z
    .boolean()
    .default(false)
    .describe('Commands in the sandbox reach the network. true is for user settings'),
  additionalDirectories: z
    .array(text)
    .default([])
    .describe('Folders outside the workspace that count as inside. User settings and flags only'),
  compaction: compaction.prefault({}).describe('What happens when the context is full'),
  toolSelection: toolSelection.prefault({}).describe('Which tools the model is offered'),
  contributors: z
    .array(entry)
    .default(['base', 'project-files', 'mode', ['environment', { git: false }]])
    .describe(
      'What the prompt is made of: base, project-files, mode, compliance, code-style, language, environment, or your own',
    ),
  configProviders: z
    .array(entry)
    .default([])
    .describe(
      'Where the settings of a session may come from besides files: env, http, postgres, or your own; the first answer counts',
    ),
  exporters: z
    .array(entry)
    .default([])
    .describe(
      'Where analytics go besides the local database: console, file, sqlite, postgres, webhook, prometheus-pushgateway, otlp, or your own',
    ),
  analytics: z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .describe(
          'Count what happens, without prompts, code or paths, in the local database and for exporters',
        ),
    })
    .prefault({})
    .describe('What is counted'),
  tools: z.array(entry).default([]).describe('Tools besides the built-in ones'),
  coordinators: z
    .partialRecord(z.enum(coordinatorNames), entry)
    .default({})
    .describe('Coordinators of your own in place of the built-in ones'),
  prompt: prompt.prefault({}).describe('What you add to the system prompt'),
  workflows: z.record(text, workflow).default({}).describe('Named lists of prompts for `victor run`'),
});

type DeepReadonly<T> = T extends (...given: never[]) => unknown
  ? T
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** All settings with their defaults; frozen. */
export type Settings = DeepReadonly<z.output<typeof settingsSchema>>;
/** What one layer (a file, the flags) says; every key is optional. */
export type PartialSettings = DeepReadonly<z.input<typeof settingsSchema>>;

/** Validates, fills in the defaults and freezes. Throws `ConfigError` naming the key and the nearest valid one. */
export function settings(input: PartialSettings = {}): Settings {
  const plain = copyPlain(input, { describe: 'Settings' });
  const result = settingsSchema.safeParse(plain);
  if (!result.success) {
    const problem = firstProblem(settingsSchema, result.error, plain);
    throw new ConfigError(problem.message, { advice: problem.advice, key: problem.key });
  }
  return freezePlain(result.data) as Settings;
}

function hasCredentials(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { username, password } = new URL(address);
  return username !== '' || password !== '';
}
