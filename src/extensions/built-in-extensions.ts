import { isDeepStrictEqual } from 'node:util';
import { compactionStrategies } from '../compaction/index.js';
import { type Entry, type Settings, settings as settingsWith } from '../config/schema.js';
import { builtInConfigProviders } from '../config-providers/index.js';
import { builtInContributors } from '../contributors/index.js';
import { createSettingsPromptContributor } from '../contributors/settings-prompt.js';
import { ConfigError } from '../core/errors.js';
import { createEmbedder } from '../embedding/create-embedder.js';
import { builtInExporters } from '../exporters/index.js';
import { selectionEntry, selectionStrategies } from '../selection/index.js';
import type { LoadedExtensions } from '../wiring.js';

interface Place {
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * What settings without files name: built-ins only, made at once. Throws `ConfigError` for a path or a package, which
 * only `createOrchestrator` can wait for. The usual contributors tell of a folder; a library gets them by naming them.
 */
export function builtInExtensions(settings: Settings, { cwd, environment }: Place): LoadedExtensions {
  const make = <T>(
    key: string,
    entry: Entry,
    builtIns: Readonly<Record<string, (...all: never[]) => T>>,
  ): T => {
    const [name, options] = typeof entry === 'string' ? [entry, {}] : entry;
    const create = Object.hasOwn(builtIns, name) ? builtIns[name] : undefined;
    if (create) return create(options as never, { baseDirectory: cwd } as never);
    throw new ConfigError(`${key} names ${name}, which is not built in.`, {
      key,
      advice: `Built in: ${Object.keys(builtIns).join(', ')}. Files and packages load with createOrchestrator; or pass yours in a coordinator.`,
    });
  };
  const each = <T>(
    key: string,
    entries: readonly Entry[],
    builtIns: Readonly<Record<string, (...all: never[]) => T>>,
  ) => entries.map((entry) => make(key, entry, builtIns));
  const embedder = createEmbedder(settings.embedder, { environment });
  const usual = isDeepStrictEqual(settings.contributors, settingsWith().contributors);
  const folder = { cwd, workspaceRoot: cwd, trusted: false };
  return {
    configProviders: each('configProviders', settings.configProviders, builtInConfigProviders(environment)),
    contributors: [
      ...(usual ? [] : each('contributors', settings.contributors, builtInContributors(folder))),
      createSettingsPromptContributor(settings.prompt),
    ],
    compactionStrategy: make(
      'compaction.strategy',
      settings.compaction.strategy,
      compactionStrategies(embedder),
    ),
    toolSelectionStrategy: make(
      'toolSelection.strategy',
      selectionEntry(settings.toolSelection),
      selectionStrategies(embedder),
    ),
    exporters: each('exporters', settings.exporters, builtInExporters(environment)),
  };
}
