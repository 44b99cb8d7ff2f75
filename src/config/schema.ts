import * as z from 'zod';
import type { Coordinators } from '../core/coordinator.js';
import { ConfigError } from '../core/errors.js';
import { themeNames } from '../core/theme-names.js';
import { stepProblems } from '../workflow/step-problems.js';
import { hooks } from './hook-settings.js';
import { mcpServers } from './mcp-settings.js';
import { permissions } from './permission-settings.js';
import { copyPlain, freezePlain } from './plain.js';
import { price } from './price-settings.js';
import { firstProblem } from './problems.js';
import { count, entry, httpAddress, keepsSecrets, text, variable } from './setting-types.js';

export type { PermissionTest } from './permission-settings.js';
export type { Entry } from './setting-types.js';

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
    .describe('Share of the context window, 0 to 1, from which the context is compacted between turns'),
  hardThreshold: z
    .number()
    .gt(0)
    .max(1)
    .default(0.95)
    .describe('Share of the context window, 0 to 1, from which a turn is interrupted to compact the context'),
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

const embedder = z.union(
  [
    z.enum(['static', 'hash']),
    z.tuple([
      z.literal('openai'),
      z
        .strictObject({
          baseURL: httpAddress.describe('Address up to and with the version: https://api.openai.com/v1'),
          model: text.describe('Model for embeddings, as the server calls it'),
          apiKeyVariable: z
            .string()
            .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of an environment variable')
            .optional()
            .describe('Environment variable with the key; without it none is sent'),
          dimensions: count.optional().describe('Numbers of a vector, for models that can give fewer'),
        })
        .refine(({ baseURL, apiKeyVariable }) => apiKeyVariable === undefined || keepsSecrets(baseURL), {
          path: ['baseURL'],
          error: 'the key would be sent unencrypted; use https',
        }),
    ]),
  ],
  { error: 'expected static, hash, or [openai, { baseURL, model }]' },
);

const prompt = z.strictObject({
  append: text.optional().describe('Text that ends the system prompt'),
  context: z.record(z.string(), z.unknown()).default({}).describe('Values for prompt contributors, by name'),
});

const network = z.strictObject({
  attempts: z
    .int()
    .min(1)
    .max(6)
    .default(6)
    .describe('Requests that one answer may take while a fault lasts, over all providers; 1 to 6'),
  patientMinutes: z
    .number()
    .gt(0)
    .optional()
    .describe('Minutes to go on trying after that, while the fault is one that may pass; for CI'),
  connectTimeoutMs: count.default(8_000).describe('Milliseconds to connect to a provider'),
  idleTimeoutMs: count
    .default(60_000)
    .describe(
      'Milliseconds without a byte, before the answer or in it, after which it counts as stalled. Servers on this machine may take ten times as long to begin',
    ),
  pingTimeoutMs: count
    .default(600_000)
    .describe('Milliseconds that an answer may bring nothing but signs of life'),
});

const workflowStep = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,40}$/, 'expected up to 40 letters, digits, - and _')
      .optional()
      .describe('What {{steps.NAME.output}}, conditions and --approve call it; its number when absent'),
    prompt: text
      .optional()
      .describe('A prompt for the model; {{input}} and {{steps.NAME.output}} are filled in as data'),
    command: text
      .optional()
      .describe('A command, run as the Bash tool runs it; what is filled in becomes one word each'),
    approval: text.optional().describe('A question that the user has to say yes to'),
    timeoutMs: count.max(600_000).optional().describe('Milliseconds that the command may take'),
    when: z
      .strictObject({
        step: text.optional().describe('A command before this step; the nearest when absent'),
        exitCode: z.union([z.literal('!0'), z.int().min(0).max(255)]).describe('Its exit code, or !0'),
      })
      .optional()
      .describe('Skips the step unless a command before it ended like this'),
    onFailure: z
      .enum(['stop', 'continue'])
      .optional()
      .describe('What a failure does: stop, but continue where a later step asks for the exit code'),
  })
  .refine(({ prompt, command, approval }) => [prompt, command, approval].filter(Boolean).length === 1, {
    error: 'expected exactly one of prompt, command and approval',
  });

const workflow = z.strictObject({
  description: text.optional().describe('One line for the list of workflows'),
  steps: z
    .array(workflowStep)
    .min(1)
    .max(100)
    .superRefine((steps, context) => {
      for (const { step, key, message } of stepProblems(steps))
        context.addIssue({ code: 'custom', path: [step, key], message });
    })
    .describe('Prompts, commands and approvals, run in order in one session'),
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
  fallback: z
    .array(text)
    .default([])
    .describe('Who is asked when the provider cannot answer, in this order: provider/model'),
  network: network.prefault({}).describe('Patience with providers'),
  maxTokens: count.default(8192).describe('Output tokens asked for per provider call'),
  maxTurns: count.default(50).describe('Provider calls that one request of yours may take'),
  maxToolCalls: count
    .default(500)
    .describe('Tool calls that one request of yours may take; the answer to the last of them is still given'),
  maxTotalTokens: count
    .optional()
    .describe(
      'Tokens, read, written and cached, after which one request of yours makes no more provider calls',
    ),
  maxMinutes: z
    .number()
    .gt(0)
    .max(10_080)
    .optional()
    .describe('Minutes that one request of yours may last, with the time it waits for you'),
  maxBudgetUsd: z
    .number()
    .gt(0)
    .optional()
    .describe('US dollars one request of yours may cost; refused while the price of the model is unknown'),
  maxDayUsd: z
    .number()
    .gt(0)
    .optional()
    .describe(
      'US dollars that all your projects may cost in one calendar day, by the clock here, every process counted',
    ),
  maxProjectUsd: z
    .number()
    .gt(0)
    .optional()
    .describe(
      'US dollars that this repository, or folder, may cost in all, over every session in it that you keep',
    ),
  contextWindow: count
    .optional()
    .describe('Tokens the model can see. Absent: what is known of the model, else 128,000'),
  prices: z
    .record(text, price)
    .default({})
    .describe(
      'What you pay, by model or provider/model, instead of the list price; without either a cost is shown as unknown. User settings only',
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
  commandEnvironment: z
    .array(variable)
    .default([])
    .describe(
      'Variables that commands see besides the usual ones: names, or beginnings such as MYAPP_*; a secret by its name only. User settings only',
    ),
  compaction: compaction.prefault({}).describe('What happens when the context is full'),
  toolSelection: toolSelection.prefault({}).describe('Which tools the model is offered'),
  embedder: embedder
    .default('static')
    .describe(
      'What makes texts comparable for the strategies semantic, hybrid and task-aware: word vectors by meaning (static) or spelling (hash), both without a network, or a server that speaks the embeddings API of OpenAI',
    ),
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
      maxWaitingEvents: z
        .int()
        .min(1)
        .max(1_000_000)
        .default(100_000)
        .describe(
          'Events that may wait for an exporter that is down; then the oldest are dropped. User settings only',
        ),
      maxWaitingMegabytes: z
        .number()
        .positive()
        .max(1_000)
        .default(32)
        .describe('Megabytes of events that may wait for it. User settings only'),
    })
    .prefault({})
    .describe('What is counted'),
  theme: z
    .enum(['auto', ...themeNames])
    .default('auto')
    .describe('Colours of the chat; auto goes by the background of the terminal'),
  screenReader: z
    .boolean()
    .default(false)
    .describe(
      'The chat for those who listen: statuses are words, tables are lists, what is printed is never drawn again',
    ),
  tools: z.array(entry).default([]).describe('Tools besides the built-in ones'),
  mcpServers: mcpServers
    .default({})
    .describe(
      'MCP servers, by name: { command, args, env } for a program, { type: http, url, headers } for an address',
    ),
  mcpWaitMs: z
    .int()
    .min(0)
    .max(600_000)
    .default(30_000)
    .describe(
      'Milliseconds that `victor ask` waits for MCP servers to start; a chat waits for 1,000 at most',
    ),
  hooks: hooks
    .default({})
    .describe(
      'Programs that are told what happens and may have a say in it, by event: [{ matcher, hooks: [{ type: command, command, timeout }] }]',
    ),
  coordinators: z
    .partialRecord(z.enum(coordinatorNames), entry)
    .default({})
    .describe('Coordinators of your own in place of the built-in ones'),
  prompt: prompt.prefault({}).describe('What you add to the system prompt'),
  notifications: z
    .enum(['off', 'bell', 'osc9'])
    .default('osc9')
    .describe(
      'How the chat tells of a long turn when you look elsewhere: a bell, or by your terminal (osc9)',
    ),
  notifyAfterSeconds: z
    .number()
    .min(0)
    .max(86_400)
    .default(30)
    .describe('Seconds from which a turn is a long one'),
  statusLine: z
    .strictObject({
      command: text.describe(
        'A command line whose first line of output is shown; it gets JSON on standard input and two seconds',
      ),
    })
    .optional()
    .describe(
      'Your own status line in the chat; docs/status-line.md says what it is told. User settings only',
    ),
  subagents: z
    .boolean()
    .default(true)
    .describe('The model may hand jobs to subagents (the Task tool); docs/subagents.md'),
  workflows: z
    .record(text, workflow)
    .default({})
    .describe('Named lists of steps for `victor run` and /run; docs/workflows.md'),
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
