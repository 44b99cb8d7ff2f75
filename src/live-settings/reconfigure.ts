import type { SettingChange } from '../config/changed-settings.js';
import type { AnalyticsCoordinatorOptions } from '../coordinators/analytics.js';
import type { ConfigCoordinatorOptions } from '../coordinators/config.js';
import type { ContextCoordinatorOptions } from '../coordinators/context.js';
import type { EvaluationCoordinatorOptions } from '../coordinators/evaluation.js';
import type { ModeCoordinatorOptions } from '../coordinators/mode.js';
import type { PermissionCoordinatorOptions } from '../coordinators/permission.js';
import type { PromptCoordinatorOptions } from '../coordinators/prompt.js';
import type { ProviderCoordinatorOptions } from '../coordinators/provider.js';
import type { ToolCoordinatorOptions } from '../coordinators/tool.js';
import type { ToolSelectionCoordinatorOptions } from '../coordinators/tool-selection.js';
import type { WorkflowCoordinatorOptions } from '../coordinators/workflow.js';
import type { Configurable, Coordinators } from '../core/coordinator.js';
import { messageOf } from '../core/describe-failure.js';
import type { ExtensionFailure } from '../core/extension.js';
import type { RunningTurns } from '../core/live-options.js';
import { analyticsOptions, selectionLimits } from '../settings-options.js';
import type { PreparedSettings } from './live-settings.js';

interface Step {
  readonly coordinator: keyof Coordinators;
  /** The settings it is about. */
  readonly keys: readonly string[];
  readonly options: object;
}

/**
 * Gives the coordinators what changed for them, and nothing to the others; what they keep for their sessions stays.
 * Answers the keys that take effect after a restart, because their coordinator takes no new options.
 */
export function reconfigure(
  coordinators: Coordinators,
  prepared: PreparedSettings,
  changes: readonly SettingChange[],
  options: {
    readonly cwd: string;
    readonly running: RunningTurns;
    readonly report: (failure: ExtensionFailure) => void;
  },
): ReadonlySet<string> {
  const afterRestart = new Set(changes.filter(isAbout(['coordinators', 'hooks'])).map(({ key }) => key));
  for (const step of stepsOf(prepared, options.cwd)) {
    const about = changes.filter(isAbout(step.keys));
    if (about.length === 0) continue;
    if (takes(step, coordinators, options)) continue;
    for (const { key } of about) afterRestart.add(key);
  }
  return afterRestart;
}

/** Whether the coordinator took them; one that a user made may have no such method, or throw. */
function takes(
  { coordinator: name, options }: Step,
  coordinators: Coordinators,
  { running, report }: Parameters<typeof reconfigure>[3],
): boolean {
  const coordinator = coordinators[name] as Configurable<object>;
  if (typeof coordinator.configure !== 'function') return false;
  try {
    coordinator.configure(options, running);
    return true;
  } catch (error) {
    const message = messageOf(error);
    report({ kind: 'coordinator', name, message, fallback: 'its options from before' });
    return false;
  }
}

function stepsOf({ settings, extensions, tools, provider }: PreparedSettings, cwd: string): readonly Step[] {
  const { permissions, compaction, additionalDirectories } = settings;
  const { compactionStrategy, toolSelectionStrategy } = extensions;
  return [
    {
      coordinator: 'config',
      keys: ['configProviders'],
      options: { providers: extensions.configProviders ?? [] } satisfies Partial<ConfigCoordinatorOptions>,
    },
    {
      coordinator: 'prompt',
      keys: ['contributors', 'prompt.append'],
      options: { contributors: extensions.contributors ?? [] } satisfies Partial<PromptCoordinatorOptions>,
    },
    {
      coordinator: 'context',
      keys: ['compaction', 'embedder'],
      options: {
        ...(compactionStrategy ? { compactionStrategy } : {}),
        threshold: compaction.threshold,
        hardThreshold: compaction.hardThreshold,
      } satisfies Partial<ContextCoordinatorOptions>,
    },
    {
      coordinator: 'evaluation',
      keys: ['compaction.strategy', 'toolSelection', 'embedder'],
      options: {
        ...(compactionStrategy ? { configured: compactionStrategy } : {}),
        ...(toolSelectionStrategy ? { selection: toolSelectionStrategy } : {}),
      } satisfies Partial<EvaluationCoordinatorOptions>,
    },
    {
      coordinator: 'provider',
      keys: [
        ...['provider', 'model', 'baseURL', 'apiKeyFile', 'credentialHosts', 'contextWindow', 'prices'],
        ...['fallback', 'network'],
      ],
      options: provider satisfies Partial<ProviderCoordinatorOptions>,
    },
    {
      coordinator: 'mode',
      keys: ['permissions.mode'],
      options: { initial: permissions.mode } satisfies Partial<ModeCoordinatorOptions>,
    },
    {
      coordinator: 'tool',
      keys: ['tools', 'commandEnvironment', 'subagents'],
      options: { tools } satisfies Partial<ToolCoordinatorOptions>,
    },
    {
      coordinator: 'permission',
      keys: ['permissions.allow', 'permissions.ask', 'permissions.deny', 'additionalDirectories'],
      options: {
        rules: permissions,
        directories: [cwd, ...additionalDirectories],
      } satisfies Partial<PermissionCoordinatorOptions>,
    },
    {
      coordinator: 'toolSelection',
      keys: ['toolSelection', 'embedder'],
      options: {
        ...(toolSelectionStrategy ? { strategy: toolSelectionStrategy } : {}),
        ...selectionLimits(settings),
      } satisfies Partial<ToolSelectionCoordinatorOptions>,
    },
    {
      coordinator: 'analytics',
      keys: ['exporters', 'analytics'],
      options: {
        exporters: extensions.exporters ?? [],
        exporterIds: extensions.exporterIds,
        ...analyticsOptions(settings),
      } satisfies Partial<AnalyticsCoordinatorOptions>,
    },
    {
      coordinator: 'workflow',
      keys: ['workflows'],
      options: { workflows: settings.workflows } satisfies Partial<WorkflowCoordinatorOptions>,
    },
  ];
}

function isAbout(keys: readonly string[]): (change: SettingChange) => boolean {
  return ({ key }) =>
    keys.some((one) => key === one || key.startsWith(`${one}.`) || key.startsWith(`${one}[`));
}
