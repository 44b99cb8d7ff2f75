import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { checkConfigFile, type ReadConfigOptions } from '../config/config-file.js';
import { anchorPaths, isPath } from '../config/entries.js';
import { environmentSettings } from '../config/environment.js';
import {
  baseDirectoryOf,
  defaultConfig,
  type LoadConfigOptions,
  type LoadedConfig,
  loadConfig,
  settingsSearches,
} from '../config/load.js';
import { type ConfigLayer, mergeLayers } from '../config/merge.js';
import { victorPaths } from '../config/paths.js';
import { resolvePackage } from '../config/resolve-package.js';
import { type Settings, settings as withDefaults } from '../config/schema.js';
import { searchConfigFile } from '../config/search.js';
import { mayRun } from '../config/trust.js';
import { findWorkspaceRoot, realDirectory } from '../config/workspace-root.js';
import { ConfigError, VictorError } from '../core/errors.js';
import { createProvider } from '../providers/create-provider.js';
import { originOfEntry } from './entry-origin.js';
import { isOwnProvider, type Obtain } from './extension-loader.js';
import { loadExtensions } from './load-extensions.js';
import { resolveEntry } from './registry.js';
import { serverNotices } from './server-notices.js';

/** One mistake in the settings. */
export interface SettingsProblem {
  /** Absolute; absent for one in the environment. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** Dotted. */
  readonly key?: string;
  readonly message: string;
  readonly advice?: string;
}

export interface SettingsReport {
  /** The files that were read, absolute. */
  readonly files: readonly string[];
  readonly problems: readonly SettingsProblem[];
  /** One line each: what is sound, and would be ignored here all the same. */
  readonly notices: readonly string[];
}

/**
 * Looks for every mistake in what a run in this folder would load, without running what is not trusted: also in
 * settings that would be ignored until the folder is trusted. Extensions are looked for and never run.
 */
export async function checkSettings(options: LoadConfigOptions): Promise<SettingsReport> {
  const { environment } = options;
  const paths = victorPaths(environment);
  const cwd = realDirectory(options.cwd);
  const workspaceRoot = findWorkspaceRoot(cwd);
  const { trust } = options;
  const runCode = trust === undefined ? await mayRun(workspaceRoot, paths) : () => trust;
  const searches = settingsSearches({ paths, cwd, workspaceRoot, runCode });
  const files: string[] = [];
  const problems: SettingsProblem[] = [];
  for (const search of [searches.user, searches.project]) {
    const { file, error } = await searchConfigFile(search).then(
      ({ found }) => ({ file: found?.file, error: undefined }),
      (error: unknown) => ({ file: error instanceof ConfigError ? error.file : undefined, error }),
    );
    const report =
      file === undefined
        ? undefined
        : await checkSettingsFile(file, { ...search, runCode: search.runCode(file), environment });
    files.push(...(report?.files ?? []));
    problems.push(...(report?.problems ?? []));
    if (error !== undefined && (report?.problems ?? []).length === 0) problems.push(problemOf(error));
  }
  // What is wrong in a file is wrong in the whole; the variables can be looked at alone.
  const whole = problems.length === 0 ? loadConfig(options) : undefined;
  try {
    environmentSettings(environment);
    const config = await whole;
    const notices = config ? [...config.notices, ...(await serverNotices(config, cwd))] : [];
    return { files, problems, notices };
  } catch (error) {
    await whole?.catch(() => undefined);
    return { files, problems: [...problems, problemOf(error)], notices: [] };
  }
}

/** Looks for every mistake in one settings file, as if it were alone. Settings that are code run only with `runCode`. */
export async function checkSettingsFile(
  file: string,
  options: ReadConfigOptions & { readonly environment: NodeJS.ProcessEnv },
): Promise<SettingsReport> {
  const problems: SettingsProblem[] = [];
  const notices: string[] = [];
  try {
    const { settings, lineOf, problems: found } = await checkConfigFile(file, options);
    for (const { path, key, message, advice } of found) {
      const line = lineOf?.(path);
      problems.push({ file, ...(line === undefined ? {} : { line }), key, message, advice });
    }
    if (settings) {
      const anchored = anchorPaths(settings, dirname(file));
      const layer: ConfigLayer = { name: 'user', file, settings: anchored, ...(lineOf ? { lineOf } : {}) };
      const alone = aloneWith(layer, file, options.environment);
      problems.push(...(await checkNames(alone)));
      notices.push(...(await serverNotices(alone, dirname(file))));
    }
  } catch (error) {
    problems.push(problemOf(error, { file }));
  }
  return { files: [file], problems, notices };
}

function aloneWith(layer: ConfigLayer, file: string, environment: NodeJS.ProcessEnv): LoadedConfig {
  const layers: readonly ConfigLayer[] = [{ name: 'defaults', settings: withDefaults() }, layer];
  const { settings, origins } = mergeLayers(layers);
  const base = defaultConfig({ cwd: dirname(file), environment });
  return { ...base, settings: withDefaults(settings), layers, origins };
}

/** Names that do not exist, files that are missing, and options that built-ins refuse. */
async function checkNames(config: LoadedConfig): Promise<SettingsProblem[]> {
  const { settings, workspaceRoot, origins } = config;
  const problems: SettingsProblem[] = [];
  const look: Obtain = async <T>(
    { entry, baseDirectory }: Parameters<Obtain>[0],
    load: () => Promise<T>,
    { key, builtIn }: Parameters<Obtain>[2],
  ) => {
    const { name } = resolveEntry(entry);
    try {
      if (builtIn || !isInstalled(name, baseDirectory)) await load();
    } catch (error) {
      problems.push(problemOf(error, { ...originOfEntry(config, key), key }));
    }
    return {} as T;
  };
  await loadExtensions(config, settings, workspaceRoot, look);
  try {
    checkProvider(settings, baseDirectoryOf(config, 'provider'));
  } catch (error) {
    const { key = 'provider' } = error as ConfigError;
    problems.push(problemOf(error, { ...(origins[key] ?? origins.provider), key }));
  }
  const line = (problem: SettingsProblem) => problem.line ?? Number.POSITIVE_INFINITY;
  return problems.sort((a, b) => Math.sign(line(a) - line(b)) || 0);
}

function isInstalled(name: string, baseDirectory: string): boolean {
  if (!isPath(name)) return resolvePackage(name, baseDirectory) !== undefined;
  return statSync(resolve(baseDirectory, name), { throwIfNoEntry: false })?.isFile() === true;
}

/** Whether the provider could be made, with a key in place of the real one, which need not be here. */
function checkProvider({ provider, baseURL }: Settings, baseDirectory: string): void {
  if (provider === undefined) return;
  const { name, options } = resolveEntry(provider);
  if (name === 'offline' || isOwnProvider(provider, baseDirectory)) return;
  createProvider({ name, options, baseURL, baseDirectory, apiKey: 'key', environment: {} });
}

function problemOf(error: unknown, known: Partial<SettingsProblem> = {}): SettingsProblem {
  if (!(error instanceof VictorError)) throw error;
  const own: Partial<ConfigError> = error instanceof ConfigError ? error : {};
  const { file = own.file, line = own.line, key = own.key } = known;
  const place = [file, line].filter((part) => part !== undefined).join(':');
  const message =
    place !== '' && error.message.startsWith(place) ? error.message.slice(place.length) : undefined;
  return {
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(key === undefined ? {} : { key }),
    message: message?.replace(/^:? /, '') ?? error.message,
    ...(error.advice === undefined ? {} : { advice: error.advice }),
  };
}
