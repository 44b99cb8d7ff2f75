import { compactionStrategies } from '../compaction/index.js';
import { anchorPaths, entryName } from '../config/entries.js';
import { baseDirectoryOf, type LoadedConfig } from '../config/load.js';
import { messageOf } from '../core/describe-failure.js';
import { ExtensionError } from '../core/errors.js';
import type { CompactionStrategy, ToolSelectionStrategy } from '../core/extension.js';
import { createEmbedder } from '../embedding/create-embedder.js';
import { selectionEntry, selectionStrategies } from '../selection/index.js';
import { type Entry, type LoadExtensionOptions, loadExtension, resolveEntry } from './registry.js';

/**
 * Strategies by what somebody calls them beside the settings: a built-in's name, a path from `cwd`, or a package. What the
 * settings name has the options that it has there. No server is asked: where the settings name one to compare texts, the
 * built-in vectors stand in.
 *
 * Rejects with an `ExtensionError` for a name that does not exist. One that is there and cannot be loaded is answered as a
 * strategy that fails with the reason.
 */
export function loadCompactionStrategies(
  names: readonly string[],
  config: LoadedConfig,
  cwd: string,
): Promise<readonly CompactionStrategy[]> {
  const { compaction } = config.settings;
  return Promise.all(
    names.map((name) => {
      const failing = (error: unknown): CompactionStrategy => ({
        name,
        compact: () => Promise.reject(error),
      });
      const request = requestOf(name, compaction.strategy, 'compaction.strategy', config, cwd);
      const builtIns = compactionStrategies(offlineEmbedder(config));
      return load<CompactionStrategy>({ kind: 'compaction', builtIns, ...request }, failing);
    }),
  );
}

/** The same for the choice of tools. */
export function loadSelectionStrategies(
  names: readonly string[],
  config: LoadedConfig,
  cwd: string,
): Promise<readonly ToolSelectionStrategy[]> {
  const configured = selectionEntry(config.settings.toolSelection);
  return Promise.all(
    names.map((name) => {
      const failing = (error: unknown): ToolSelectionStrategy => ({
        name,
        score: () => Promise.reject(error),
      });
      const request = requestOf(name, configured, 'toolSelection.strategy', config, cwd);
      // The setting `alpha` holds for `hybrid`, whoever names it.
      const entry =
        name === 'hybrid'
          ? selectionEntry({ ...config.settings.toolSelection, strategy: name })
          : request.entry;
      const builtIns = selectionStrategies(offlineEmbedder(config));
      return load<ToolSelectionStrategy>({ kind: 'tool-selection', builtIns, ...request, entry }, failing);
    }),
  );
}

/** Whether texts are compared by a server, which is not asked here. */
export function asksServer({ settings }: LoadedConfig): boolean {
  return typeof settings.embedder !== 'string';
}

function offlineEmbedder(config: LoadedConfig) {
  const { embedder } = config.settings;
  return createEmbedder(asksServer(config) ? 'static' : embedder, { environment: {} });
}

function requestOf(
  name: string,
  configured: Entry,
  key: string,
  config: LoadedConfig,
  cwd: string,
): Pick<LoadExtensionOptions<unknown>, 'entry' | 'baseDirectory'> {
  const asConfigured = { entry: configured, baseDirectory: baseDirectoryOf(config, key) };
  const entry = entryName(anchorPaths({ compaction: { strategy: name } }, cwd).compaction!.strategy!);
  if (resolveEntry(configured).name === entry) return asConfigured;
  // A name that is typed says nothing of whose package is meant: one of a folder is only run when the folder is trusted.
  return { entry, baseDirectory: config.trusted ? cwd : config.paths.configDirectory };
}

async function load<T>(request: LoadExtensionOptions<T>, failing: (error: unknown) => T): Promise<T> {
  try {
    return await loadExtension<T>(request);
  } catch (error) {
    if (!(error instanceof ExtensionError) || error.reason !== 'broken') throw error;
    const advice = error.advice === undefined ? '' : ` ${error.advice}`;
    return failing(new Error(`${messageOf(error)}.${advice}`));
  }
}
