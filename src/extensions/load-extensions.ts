import { builtInCompactionStrategies } from '../compaction/index.js';
import { isPath } from '../config/entries.js';
import type { BuiltInNames } from '../config/hold-back.js';
import { baseDirectoryOf, type LoadedConfig, type Origin } from '../config/load.js';
import { resolvePackage } from '../config/resolve-package.js';
import type { Settings } from '../config/schema.js';
import { builtInConfigProviders } from '../config-providers/index.js';
import { builtInContributors } from '../contributors/index.js';
import { createSettingsPromptContributor } from '../contributors/settings-prompt.js';
import type { Coordinators } from '../core/coordinator.js';
import { ExtensionError } from '../core/errors.js';
import type {
  AnalyticsExporter,
  CompactionStrategy,
  ConfigProvider,
  ExtensionFailure,
  ExtensionKind,
  PromptContributor,
  ToolSelectionStrategy,
} from '../core/extension.js';
import type { Provider } from '../core/provider.js';
import type { Tool } from '../core/tool.js';
import { builtInExporters } from '../exporters/index.js';
import { providerNames } from '../providers/unknown-provider.js';
import { builtInSelectionStrategies, selectionEntry } from '../selection/index.js';
import type { LoadedExtensions } from '../wiring.js';
import { type Entry, type ExtensionOrigin, loadExtension, resolveEntry } from './registry.js';

/** An extension that a configuration names: as it loaded, or why it did not and what serves in its place. */
export interface NamedExtension<T = unknown> {
  readonly kind: ExtensionKind;
  /** As the settings name it. */
  readonly name: string;
  /** The dotted key that names it, for example `exporters.0`. */
  readonly key: string;
  readonly extension?: T;
  readonly failure?: ExtensionFailure;
}

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

function contributorsOf({ workspaceRoot, trusted, paths }: LoadedConfig, cwd: string) {
  return builtInContributors({ cwd, workspaceRoot, trusted, globalDirectory: paths.configDirectory });
}

/** What an extension is made of; the same again may be the same extension. */
export interface Ingredients {
  readonly kind: ExtensionKind;
  readonly entry: Entry;
  readonly baseDirectory: string;
  readonly trusted: boolean;
}

/** How an extension comes to be: loaded, or taken over from before. */
export type Obtain = <T>(
  ingredients: Ingredients,
  load: () => Promise<T>,
  named: { readonly key: string; readonly builtIn: boolean },
) => Promise<T>;

const loadAnew: Obtain = (_, load) => load();

type BuiltIns<T> = Readonly<Record<string, (options: never, origin: ExtensionOrigin) => T>>;

/** Coordinators that a call passes on its way to permission, or that decide who gets the conversation. */
const guarded: readonly string[] = ['chat', 'mode', 'permission', 'provider', 'tool'];

/** Loads the extensions of one kind at a time. */
function extensionLoader(config: LoadedConfig, settings: Settings, cwd: string, obtain: Obtain = loadAnew) {
  const load = async <T>(
    kind: ExtensionKind,
    key: string,
    entry: Entry,
    builtIns: BuiltIns<T>,
    fallback: string | undefined,
  ): Promise<NamedExtension<T>> => {
    const { name } = resolveEntry(entry);
    const request = { kind, entry, builtIns, baseDirectory: baseDirectoryOf(config, key) };
    try {
      const { baseDirectory } = request;
      const extension = await obtain(
        { kind, entry, baseDirectory, trusted: config.trusted },
        () => loadExtension<T>({ ...request, namedAt: placeOf(config, key) }),
        { key, builtIn: Object.hasOwn(builtIns, name) },
      );
      return { kind, name, key, extension };
    } catch (error) {
      const tolerable = error instanceof ExtensionError && error.reason === 'broken';
      if (!tolerable || fallback === undefined) throw error;
      const message = `${error.message}.${error.advice ? ` ${error.advice}` : ''}`;
      return { kind, name, key, failure: { kind, name, message, fallback } };
    }
  };
  const each = <T>(
    kind: ExtensionKind,
    key: string,
    entries: readonly Entry[],
    builtIns: BuiltIns<T>,
    fallback: string,
  ) =>
    Promise.all(entries.map((entry, index) => load<T>(kind, `${key}.${index}`, entry, builtIns, fallback)));

  return {
    configProviders: () =>
      each<ConfigProvider>(
        'config-provider',
        'configProviders',
        settings.configProviders,
        builtInConfigProviders(config.environment),
        'the settings without it',
      ),
    contributors: () =>
      each<PromptContributor>(
        'contributor',
        'contributors',
        settings.contributors,
        contributorsOf(config, cwd),
        'the prompt without it',
      ),
    compactionStrategy: () =>
      load<CompactionStrategy>(
        'compaction',
        'compaction.strategy',
        settings.compaction.strategy,
        builtInCompactionStrategies,
        'the built-in strategy',
      ),
    toolSelectionStrategy: () =>
      load<ToolSelectionStrategy>(
        'tool-selection',
        'toolSelection.strategy',
        selectionEntry(settings.toolSelection),
        builtInSelectionStrategies,
        'the built-in strategy',
      ),
    exporters: () =>
      each<AnalyticsExporter>(
        'exporter',
        'exporters',
        settings.exporters,
        builtInExporters(config.environment),
        'the local database alone',
      ),
    tools: () => each<Tool>('tool', 'tools', settings.tools, {}, 'the other tools'),
    coordinators: () =>
      Promise.all(
        Object.entries(settings.coordinators).map(([name, entry]) =>
          load<Coordinators[keyof Coordinators]>(
            'coordinator',
            `coordinators.${name}`,
            entry,
            {},
            guarded.includes(name) ? undefined : `the built-in ${name} coordinator`,
          ),
        ),
      ),
    provider: async (): Promise<NamedExtension<Provider> | undefined> => {
      const { provider } = settings;
      if (provider === undefined || !isOwnProvider(provider, baseDirectoryOf(config, 'provider')))
        return undefined;
      return load<Provider>('provider', 'provider', provider, {}, undefined);
    },
  };
}

/** Whether it is a file or an installed package; the names that Victor knows win over packages of the same name. */
export function isOwnProvider(entry: Entry, baseDirectory: string): boolean {
  const { name } = resolveEntry(entry);
  if (isPath(name)) return true;
  return !providerNames.includes(name) && resolvePackage(name, baseDirectory) !== undefined;
}

function working<T>(named: readonly NamedExtension<T>[]): T[] {
  return named.flatMap(({ extension }) => (extension === undefined ? [] : [extension]));
}

/** Where an extension is named; an item of a list stands on a line of its own. */
export function originOfEntry(config: LoadedConfig, key: string): Origin | undefined {
  const [, list, index] = /^(.*)\.(\d+)$/.exec(key) ?? [];
  const own = config.origins[key];
  if (own || list === undefined) return own;
  const origin = config.origins[list];
  const layer = config.layers.find(({ file }) => file !== undefined && file === origin?.file);
  const line = layer?.lineOf?.([list, Number(index)]);
  return origin && { ...origin, ...(line === undefined ? {} : { line }) };
}

/** `file:line` of the setting that names an extension, as far as it stands in a file. */
function placeOf(config: LoadedConfig, key: string): string | undefined {
  const origin = originOfEntry(config, key);
  if (origin?.file === undefined) return origin?.variable;
  return [origin.file, origin.line].filter((part) => part !== undefined).join(':');
}
