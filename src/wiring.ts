/**
 * The composition root: every coordinator is made here, by hand, in the order in which they need each other,
 * and each gets just what it uses. To replace one, pass it in `coordinators`.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import { ProviderCoordinator, type ProviderCoordinatorOptions } from './coordinators/provider.js';
import { SessionCoordinator } from './coordinators/session.js';
import { ToolCoordinator } from './coordinators/tool.js';
import { ToolSelectionCoordinator } from './coordinators/tool-selection.js';
import { WorkflowCoordinator, type WorkflowCoordinatorOptions } from './coordinators/workflow.js';
import type { AsksModels, Coordinators, ReportsExtensionFailures } from './core/coordinator.js';
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
import { newId } from './core/id.js';
import type { Provider } from './core/provider.js';
import type { Store } from './core/store.js';
import type { Tool } from './core/tool.js';
import { builtInExtensions } from './extensions/built-in-extensions.js';
import { guardCoordinator } from './extensions/guard-coordinators.js';
import { createModelOf } from './model-access.js';
import { contextWindow } from './providers/catalogue.js';
import {
  type Circumstances,
  chooseProvider,
  type ProviderAccess,
  resolveProvider,
} from './providers/choose-provider.js';
import { builtInSelectionStrategy } from './selection/index.js';
import { createMemoryStore } from './storage/memory-store.js';
import { readOnlyTools } from './tools/index.js';

/** Extensions that were loaded from the configuration; what is absent is built in. */
export interface LoadedExtensions {
  readonly configProviders?: readonly ConfigProvider[];
  readonly contributors?: readonly PromptContributor[];
  readonly compactionStrategy?: CompactionStrategy;
  readonly toolSelectionStrategy?: ToolSelectionStrategy;
  readonly exporters?: readonly AnalyticsExporter[];
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
  readonly onApproval?: (request: ApprovalRequest) => Promise<Approval>;
  /** Milliseconds that one call of a user's own coordinator may take, in place of the usual limits. */
  readonly coordinatorTimeoutMs?: number | undefined;
  readonly toolTimeoutMs?: number | undefined;
  readonly runPrompt: WorkflowCoordinatorOptions['runPrompt'];
  /** Something happened beside the turn loop. */
  readonly onEvent: (event: EventBody, sessionId: string) => void;
  readonly onExtensionFailure: (failure: ExtensionFailure, sessionId?: string) => void;
}

export interface Wired {
  readonly coordinators: Coordinators;
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
  const findTool = (name: string, sessionId: string) => tool.list(sessionId).find((one) => one.name === name);

  /** The user's own coordinator, or the built-in one, which also serves where the user's fails. */
  const use = <Name extends keyof Coordinators>(
    name: Name,
    builtIn: Coordinators[Name],
  ): Coordinators[Name] => {
    const given = options.coordinators?.[name];
    // Built-in ones answer for their own extensions.
    if (!given || given.constructor === builtIn.constructor) return given ?? builtIn;
    const report = options.onExtensionFailure;
    return guardCoordinator({ name, given, builtIn, report, timeoutMs: options.coordinatorTimeoutMs });
  };

  const compactionStrategy = extensions.compactionStrategy ?? builtInCompactionStrategies.recent!({});

  const config = use('config', new ConfigCoordinator({ providers: extensions.configProviders ?? [] }));
  const prompt = use('prompt', new PromptCoordinator({ contributors: extensions.contributors ?? [] }));
  const context = use(
    'context',
    new ContextCoordinator({
      compactionStrategy,
      threshold: settings.compaction.threshold,
    }),
  );
  const session = use(
    'session',
    new SessionCoordinator({ store: store.sessions, cwd, resetContext: (id) => context.reset(id) }),
  );
  const provider = use(
    'provider',
    new ProviderCoordinator(
      providerOptions({ settings, environment, access: options.providerAccess }, options),
    ),
  );
  const mode = use('mode', new ModeCoordinator({ initial: settings.permissions.mode }));
  const tool = use(
    'tool',
    new ToolCoordinator({ tools, cwd, outputDirectory, timeoutMs: options.toolTimeoutMs }),
  );
  const permission = use(
    'permission',
    new PermissionCoordinator({
      rules: settings.permissions,
      modes: mode,
      findTool,
      directories: [cwd, ...settings.additionalDirectories],
      outputDirectory,
      onApproval: options.onApproval,
    }),
  );
  const strategy = extensions.toolSelectionStrategy ?? builtInSelectionStrategy(settings.toolSelection);
  const toolSelection = use(
    'toolSelection',
    new ToolSelectionCoordinator({
      ...(strategy ? { strategy } : {}),
      maxTools: settings.toolSelection.maxTools,
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
      store: store.analytics,
      enabled: settings.analytics.enabled,
    }),
  );
  const evaluation = use(
    'evaluation',
    new EvaluationCoordinator({ configured: compactionStrategy, others: strategiesWithoutModel() }),
  );
  const workflow = use(
    'workflow',
    new WorkflowCoordinator({ workflows: settings.workflows, runPrompt: options.runPrompt }),
  );
  const chat = use(
    'chat',
    new ChatCoordinator({ context, prompt, provider, tool, toolSelection, mode, permission, checkpoint }),
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
  (context as AsksModels).modelOf ??= createModelOf(provider, options.onEvent);
  // A coordinator the user made has no store of its own; it shares this one.
  (analytics as Partial<AnalyticsCoordinator>).attachStore?.(store.analytics);
  return { coordinators, store, notices: store.notices, temporaryDirectory };
}

/** Who answers under these settings, and how another is found. Throws `ConfigError` when that cannot be. */
export function providerOptions(
  circumstances: Circumstances & { readonly settings: Settings },
  given: Pick<WiringOptions, 'provider' | 'model'>,
): ProviderCoordinatorOptions {
  const { settings } = circumstances;
  return {
    ...chooseProvider({ ...circumstances, provider: given.provider, model: given.model }),
    resolve: async (name, current) => resolveProvider({ name, current, ...circumstances }),
    contextWindow: (model) => settings.contextWindow ?? contextWindow(model),
    prices: settings.prices,
  };
}
