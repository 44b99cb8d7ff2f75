import { basename, resolve } from 'node:path';
import { builtInCompactionStrategies } from '../compaction/index.js';
import { isPath } from '../config/entries.js';
import type { BuiltInNames } from '../config/hold-back.js';
import { baseDirectoryOf, type LoadedConfig } from '../config/load.js';
import type { Settings } from '../config/schema.js';
import { createSettingsPromptContributor } from '../contributors/settings-prompt.js';
import type { Coordinators } from '../core/coordinator.js';
import type { AnalyticsExporter } from '../core/extension.js';
import type { Provider } from '../core/provider.js';
import type { Tool } from '../core/tool.js';
import { exporterId } from '../delivery/exporter-id.js';
import { builtInSelectionStrategies } from '../selection/index.js';
import type { LoadedExtensions } from '../wiring.js';
import { contributorsOf, extensionLoader, type NamedExtension, type Obtain } from './extension-loader.js';
import { type Entry, resolveEntry } from './registry.js';

/** Everything that the settings name, ready for the wiring. */
export interface ConfiguredExtensions {
  readonly extensions: LoadedExtensions;
  readonly tools: readonly Tool[];
  readonly coordinators: Partial<Coordinators>;
  /** A provider given by path or package; built-in ones are made by name where they are wired. */
  readonly provider: Provider | undefined;
  /** The same, one by one, with what failed. */
  readonly named: readonly NamedExtension[];
}

/**
 * Loads what the settings name. A name that does not exist, or options that are refused, are mistakes in the settings
 * and reject with an `ExtensionError`. An extension that is missing or fails does not: its built-in fallback serves,
 * and `named` says so. Only where that would be unsafe is it an error too: nobody may fall back to other permissions,
 * or send a conversation to another provider than the one that was named.
 */
export async function loadExtensions(
  config: LoadedConfig,
  settings: Settings,
  cwd: string,
  obtain?: Obtain,
): Promise<ConfiguredExtensions> {
  const load = extensionLoader(config, settings, cwd, obtain);
  const [configProviders, contributors, compaction, toolSelection, exporters, tools, coordinators, provider] =
    await Promise.all([
      load.configProviders(),
      load.contributors(),
      load.compactionStrategy(),
      load.toolSelectionStrategy(),
      load.exporters(),
      load.tools(),
      load.coordinators(),
      load.provider(),
    ]);
  return {
    extensions: {
      configProviders: working(configProviders),
      contributors: [...working(contributors), createSettingsPromptContributor(settings.prompt)],
      ...(compaction.extension ? { compactionStrategy: compaction.extension } : {}),
      ...(toolSelection.extension ? { toolSelectionStrategy: toolSelection.extension } : {}),
      exporters: working(exporters),
      exporterIds: idsOf(config, exporters, settings.exporters),
    },
    tools: working(tools),
    coordinators: Object.fromEntries(
      coordinators.flatMap(({ key, extension }) =>
        extension ? [[key.replace('coordinators.', ''), extension]] : [],
      ),
    ),
    provider: provider?.extension,
    named: [
      ...(provider ? [provider] : []),
      ...configProviders,
      ...contributors,
      compaction,
      toolSelection,
      ...exporters,
      ...tools,
      ...coordinators,
    ],
  };
}

/** The names of built-ins, where settings of a project may name them at any time. */
export function namesOfBuiltIns(config: LoadedConfig, cwd: string): BuiltInNames {
  return {
    contributors: Object.keys(contributorsOf(config, cwd)),
    compaction: Object.keys(builtInCompactionStrategies),
    toolSelection: Object.keys(builtInSelectionStrategies),
  };
}

/** An exporter is found again by what its settings say of it: the code and the options, wherever it stands in the list. */
function idsOf(
  config: LoadedConfig,
  exporters: readonly NamedExtension<AnalyticsExporter>[],
  entries: readonly Entry[],
): ReadonlyMap<AnalyticsExporter, string> {
  const ids = new Map<AnalyticsExporter, string>();
  for (const [index, { extension, key }] of exporters.entries()) {
    if (!extension) continue;
    const { name, options } = resolveEntry(entries[index]!);
    const code = isPath(name) ? resolve(baseDirectoryOf(config, key), name) : name;
    ids.set(extension, exporterId(basename(code), [code, options]));
  }
  return ids;
}

function working<T>(named: readonly NamedExtension<T>[]): T[] {
  return named.flatMap(({ extension }) => (extension === undefined ? [] : [extension]));
}
