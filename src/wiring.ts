/**
 * The composition root: every coordinator is made here, by hand, in the order in which they need each other,
 * and each gets just what it uses. To replace one, pass it in `coordinators`.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CacheDiagnosis } from './chat/cache-diagnosis.js';
import { builtInCompactionStrategies, strategiesWithoutModel } from './compaction/index.js';
import type { Settings } from './config/schema.js';
import { secretVariables } from './config/secret-variables.js';
import { AnalyticsCoordinator } from './coordinators/analytics.js';
import { ChatCoordinator } from './coordinators/chat.js';
import { CheckpointCoordinator } from './coordinators/checkpoint.js';
import { ConfigCoordinator } from './coordinators/config.js';
import { ContextCoordinator } from './coordinators/context.js';
import { EvaluationCoordinator } from './coordinators/evaluation.js';
import { MetricsCoordinator } from './coordinators/metrics.js';
import { ModeCoordinator } from './coordinators/mode.js';
import { type ApprovalRequest, PermissionCoordinator } from './coordinators/permission.js';
import { PromptCoordinator } from './coordinators/prompt.js';
import { ProviderCoordinator } from './coordinators/provider.js';
import { SessionCoordinator } from './coordinators/session.js';
import { ToolCoordinator } from './coordinators/tool.js';
import { ToolSelectionCoordinator } from './coordinators/tool-selection.js';
import { WorkflowCoordinator, type WorkflowCoordinatorOptions } from './coordinators/workflow.js';
import type { ApprovalStore } from './core/approval-store.js';
import { type BackgroundTasks, endedNote } from './core/background-tasks.js';
import type { TurnBudget } from './core/budget.js';
import type {
  AsksModels,
  Coordinators,
  ReportsExtensionFailures,
  ReportsToolOutput,
} from './core/coordinator.js';
import type { Approval } from './core/decision.js';
import type { EventBody } from './core/event.js';
import type {
  AnalyticsExporter,
  CompactionStrategy,
  ConfigProvider,
  ExtensionFailure,
  PromptContributor,
  ToolSelectionStrategy,
} from './core/extension.js';
import { holdSecrets, secretsIn } from './core/held-secrets.js';
import type { Hooks } from './core/hook.js';
import { newId } from './core/id.js';
import type { Provider } from './core/provider.js';
import type { Store } from './core/store.js';
import { parentSessionId } from './core/subagent-session.js';
import type { Tool } from './core/tool.js';
import { DecisionLog } from './decisions/decision-log.js';
import { recordedCoordinator } from './decisions/recorded-coordinator.js';
import { builtInExtensions } from './extensions/built-in-extensions.js';
import { guardCoordinator } from './extensions/guard-coordinators.js';
import { createModelOf } from './model-access.js';
import type { ProviderAccess } from './providers/choose-provider.js';
import type { Traffic } from './recording/traffic.js';
import { builtInSelectionStrategy, usualSelectionStrategies } from './selection/index.js';
import { analyticsOptions, providerOptions, selectionLimits } from './settings-options.js';
import { unpricedFallbacks } from './spending/unpriced-fallbacks.js';
import { createMemoryStore } from './storage/memory-store.js';
import { createFindToolsTool, finderName } from './tools/find-tools.js';
import { readOnlyTools } from './tools/index.js';
import { askedAsCall } from './workflow/asked-as-call.js';

/** Extensions that were loaded from the configuration; what is absent is built in. */
export interface LoadedExtensions {
  readonly configProviders?: readonly ConfigProvider[];
  readonly contributors?: readonly PromptContributor[];
  readonly compactionStrategy?: CompactionStrategy;
  readonly toolSelectionStrategy?: ToolSelectionStrategy;
  readonly exporters?: readonly AnalyticsExporter[];
  /** How those without an id of their own are found again. */
  readonly exporterIds?: ReadonlyMap<AnalyticsExporter, string>;
}

export interface WiringOptions {
  readonly settings: Settings;
  readonly provider?: Provider | string;
  readonly model?: string;
  readonly coordinators?: Partial<Coordinators>;
  readonly extensions?: LoadedExtensions;
  readonly store?: Store;
  readonly tools?: readonly Tool[];
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly outputDirectory?: string;
  readonly providerAccess?: ProviderAccess;
  readonly traffic?: Traffic;
  /** Programs of the user's that stand around coordinators. */
  readonly hooks?: Hooks | undefined;
  readonly onApproval?: (request: ApprovalRequest) => Promise<Approval>;
  readonly approvals?: ApprovalStore;
  readonly ownDirectories?: readonly string[];
  readonly backgroundTasks?: BackgroundTasks | undefined;
  /** Milliseconds that one call of a user's own coordinator may take, in place of the usual limits. */
  readonly coordinatorTimeoutMs?: number | undefined;
  readonly toolTimeoutMs?: number | undefined;
  readonly runPrompt: WorkflowCoordinatorOptions['runPrompt'];
  readonly runCommand: WorkflowCoordinatorOptions['runCommand'];
  /** What the request that runs in a session may cost. */
  readonly budgetOf: (sessionId: string) => TurnBudget | undefined;
  /** Something happened beside the turn loop. */
  readonly onEvent: (event: EventBody, sessionId: string) => void;
  /** Something that is over before it could be kept; only who watches now is told. */
  readonly onPassing: (event: EventBody, sessionId: string) => void;
  readonly onExtensionFailure: (failure: ExtensionFailure, sessionId?: string) => void;
}

export interface Wired {
  /** Each of whose decisions is recorded. */
  readonly coordinators: Coordinators;
  /** The same, for who only wants to know what they would answer. */
  readonly unrecorded: Coordinators;
  /** What they decide; it is to be told of every event. */
  readonly decisions: DecisionLog;
  /** The turn loop's; it is to be told of every event. */
  readonly cacheDiagnosis: CacheDiagnosis;
  readonly store: Store;
  readonly notices: readonly string[];
  /** What tools wrote that goes when the orchestrator is closed; absent when the caller chose the folder. */
  readonly temporaryDirectory: string | undefined;
}

export function wire(options: WiringOptions): Wired {
  const { settings, cwd, environment } = options;
  const named = [...secretVariables(settings)].map((name) => environment[name]);
  holdSecrets([...secretsIn(environment), ...named, options.providerAccess?.apiKey]);
  const extensions = options.extensions ?? builtInExtensions(settings, { cwd, environment });
  const store = options.store ?? createMemoryStore();
  const tools = options.tools ?? readOnlyTools();
  const temporaryDirectory = options.outputDirectory ? undefined : join(tmpdir(), `victor-${newId()}`);
  const outputDirectory = options.outputDirectory ?? temporaryDirectory!;
  const decisions = new DecisionLog(store.decisions);
  const unrecorded: { [Name in keyof Coordinators]?: Coordinators[Name] } = {};
  const findTool = (name: string, sessionId: string) => tool.list(sessionId).find((one) => one.name === name);

  /** The user's own coordinator, or the built-in one, which also serves where the user's fails. */
  const use = <Name extends keyof Coordinators>(
    name: Name,
    builtIn: Coordinators[Name],
  ): Coordinators[Name] => {
    const given = options.coordinators?.[name];
    const report = options.onExtensionFailure;
    const timeoutMs = options.coordinatorTimeoutMs;
    // Built-in ones answer for their own extensions.
    const isBuiltIn = !given || given.constructor === builtIn.constructor;
    const one = isBuiltIn
      ? (given ?? builtIn)
      : guardCoordinator({ name, given, builtIn, report, timeoutMs });
    unrecorded[name] = one;
    const hooked = options.hooks?.decorate(name, one, unrecorded as Coordinators) ?? one;
    return recordedCoordinator(name, hooked, decisions);
  };

  const compactionStrategy = extensions.compactionStrategy ?? builtInCompactionStrategies.recent!({});

  const config = use('config', new ConfigCoordinator({ providers: extensions.configProviders ?? [] }));
  const prompt = use('prompt', new PromptCoordinator({ contributors: extensions.contributors ?? [] }));
  const context = use(
    'context',
    new ContextCoordinator({
      compactionStrategy,
      threshold: settings.compaction.threshold,
      hardThreshold: settings.compaction.hardThreshold,
    }),
  );
  const session = use(
    'session',
    new SessionCoordinator({ store: store.sessions, cwd, resetContext: (id) => context.reset(id) }),
  );
  const circumstances = { settings, environment, access: options.providerAccess, traffic: options.traffic };
  const providers = providerOptions(circumstances, options);
  const provider = use('provider', new ProviderCoordinator(providers));
  const mode = use('mode', new ModeCoordinator({ initial: settings.permissions.mode }));
  const tool: Coordinators['tool'] = use(
    'tool',
    new ToolCoordinator({
      ...{ tools, cwd, outputDirectory, timeoutMs: options.toolTimeoutMs },
      hides: (path, id) => permission.hides?.(path, parentSessionId(id)) ?? false,
      namesHost: (host, id) => permission.namesHost?.(host, parentSessionId(id)) ?? false,
      finder: {
        tool: createFindToolsTool(async (text, sessionId) => {
          const others = tool.list(sessionId).filter(({ name }) => name !== finderName);
          const found = await toolSelection.find?.({ sessionId, text, tools: others });
          return found ?? { added: [], known: [], full: true };
        }) as Tool,
        isNeeded: (count, id) =>
          toolSelection.find !== undefined && (toolSelection.leavesOut?.(count, id) ?? false),
      },
    }),
  );
  const permission: Coordinators['permission'] = use(
    'permission',
    new PermissionCoordinator({
      rules: settings.permissions,
      modes: mode,
      findTool,
      directories: [cwd, ...settings.additionalDirectories],
      outputDirectory,
      onApproval: options.onApproval,
      approvals: options.approvals,
      ownDirectories: options.ownDirectories,
      hookFiles: options.hooks?.files,
      onNotKept: (why, sessionId) => {
        const text = `This is allowed for the session only, because it cannot be kept for the project: ${why}`;
        options.onEvent({ type: 'notice', level: 'warning', text }, sessionId);
      },
    }),
  );
  const strategy = extensions.toolSelectionStrategy ?? builtInSelectionStrategy(settings.toolSelection);
  const toolSelection: Coordinators['toolSelection'] = use(
    'toolSelection',
    new ToolSelectionCoordinator({
      ...(strategy ? { strategy } : {}),
      ...selectionLimits(settings),
    }),
  );
  const checkpoint = use(
    'checkpoint',
    new CheckpointCoordinator({ store: store.checkpoints, findTool, cwd, noteDirectory: outputDirectory }),
  );
  const metrics = use('metrics', new MetricsCoordinator());
  const analytics = use(
    'analytics',
    new AnalyticsCoordinator({
      exporters: extensions.exporters ?? [],
      exporterIds: extensions.exporterIds,
      store: store.analytics,
      spool: store.spool,
      ...analyticsOptions(settings),
    }),
  );
  const evaluation = use(
    'evaluation',
    new EvaluationCoordinator({
      configured: compactionStrategy,
      others: strategiesWithoutModel(),
      ...(strategy ? { selection: strategy } : {}),
      otherSelections: usualSelectionStrategies(),
      tools: () => tool.list(),
    }),
  );
  const workflow = use(
    'workflow',
    new WorkflowCoordinator({
      ...{ workflows: settings.workflows, runPrompt: options.runPrompt, runCommand: options.runCommand },
      ask: options.onApproval && askedAsCall(options.onApproval),
      readLog: (id) => store.sessions.readLog(id),
    }),
  );
  const cacheDiagnosis = new CacheDiagnosis();
  const chat = use(
    'chat',
    new ChatCoordinator({
      context,
      prompt,
      provider,
      tool,
      toolSelection,
      mode,
      permission,
      checkpoint,
      cacheDiagnosis,
      note: (id) => endedNote(options.backgroundTasks?.list(id) ?? []),
    }),
  );

  const coordinators: Coordinators = {
    config,
    prompt,
    context,
    chat,
    tool,
    toolSelection,
    session,
    provider,
    mode,
    permission,
    metrics,
    analytics,
    checkpoint,
    evaluation,
    workflow,
  };
  for (const one of [config, prompt, context, tool, toolSelection, analytics] as ReportsExtensionFailures[]) {
    one.onExtensionFailure ??= options.onExtensionFailure;
  }
  (tool as ReportsToolOutput).onToolOutput ??= (callId, output, sessionId) =>
    options.onPassing({ type: 'tool-output', callId, ...output }, sessionId);
  (context as AsksModels).modelOf ??= createModelOf(provider, options.onEvent, options.budgetOf);
  // A coordinator the user made has no store of its own; it shares this one.
  (analytics as Partial<AnalyticsCoordinator>).attachStore?.(store.analytics, store.spool);
  const notices = [...store.notices, ...providers.notices, ...unpricedFallbacks(settings, providers)];
  return {
    ...{ coordinators, cacheDiagnosis, decisions, store, notices, temporaryDirectory },
    unrecorded: unrecorded as Coordinators,
  };
}
