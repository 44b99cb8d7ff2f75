import { compactionStrategies } from '../compaction/index.js';
import { originOf } from '../config/changed-settings.js';
import { isPath } from '../config/entries.js';
import { baseDirectoryOf, type LoadedConfig } from '../config/load.js';
import { resolvePackage } from '../config/resolve-package.js';
import type { Settings } from '../config/schema.js';
import { builtInConfigProviders } from '../config-providers/index.js';
import { builtInContributors } from '../contributors/index.js';
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
import { createEmbedder } from '../embedding/create-embedder.js';
import { builtInExporters } from '../exporters/index.js';
import { providerNames } from '../providers/unknown-provider.js';
import { selectionEntry, selectionStrategies } from '../selection/index.js';
import { originOfEntry, placeOf } from './entry-origin.js';
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

/** What an extension is made of; the same again may be the same extension. */
export interface Ingredients {
  readonly kind: ExtensionKind;
  readonly entry: Entry;
  readonly baseDirectory: string;
  readonly trusted: boolean;
  /** Of those that compare texts. */
  readonly embedder?: Settings['embedder'];
}

/** How an extension comes to be: loaded, or taken over from before. */
export type Obtain = <T>(
  ingredients: Ingredients,
  load: () => Promise<T>,
  named: { readonly key: string; readonly builtIn: boolean },
) => Promise<T>;

const loadAnew: Obtain = (_, load) => load();

type BuiltIns<T> = Readonly<Record<string, (options: never, origin: ExtensionOrigin) => T>>;

const embedding: readonly ExtensionKind[] = ['compaction', 'tool-selection'];

/** Coordinators that a call passes on its way to permission, or that decide who gets the conversation. */
const guarded: readonly string[] = ['chat', 'mode', 'permission', 'provider', 'tool'];

/** Loads the extensions of one kind at a time. */
export function extensionLoader(
  config: LoadedConfig,
  settings: Settings,
  cwd: string,
  obtain: Obtain = loadAnew,
) {
  const load = async <T>(
    kind: ExtensionKind,
    key: string,
    entry: Entry,
    builtIns: BuiltIns<T>,
    fallback: string | undefined,
  ): Promise<NamedExtension<T>> => {
    const { name } = resolveEntry(entry);
    const fromWorkspace = originOfEntry(config, key)?.layer === 'project';
    const request = { kind, entry, builtIns, baseDirectory: baseDirectoryOf(config, key), fromWorkspace };
    try {
      const { baseDirectory } = request;
      const extension = await obtain(
        {
          ...{ kind, entry, baseDirectory, trusted: config.trusted },
          ...(embedding.includes(kind) ? { embedder: settings.embedder } : {}),
        },
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

  const embedder = createEmbedder(settings.embedder, {
    environment: config.environment,
    refused: originOf(config, 'embedder')?.layer === 'project' ? 'metadata' : undefined,
  });

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
        compactionStrategies(embedder),
        'the built-in strategy',
      ),
    toolSelectionStrategy: () =>
      load<ToolSelectionStrategy>(
        'tool-selection',
        'toolSelection.strategy',
        selectionEntry(settings.toolSelection),
        selectionStrategies(embedder),
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

export function contributorsOf({ workspaceRoot, trusted, paths }: LoadedConfig, cwd: string) {
  return builtInContributors({ cwd, workspaceRoot, trusted, globalDirectory: paths.configDirectory });
}
