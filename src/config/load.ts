import { dirname } from 'node:path';
import { ConfigError } from '../core/errors.js';
import { checkBaseURL } from './base-url.js';
import { validate } from './config-file.js';
import { anchorPaths, entryName, isPath } from './entries.js';
import { environmentSettings } from './environment.js';
import { searchPlaces, userSearchPlaces } from './find.js';
import { type ConfigLayer, mergeLayers, type Origin, providerName } from './merge.js';
import { type VictorPaths, victorPaths } from './paths.js';
import { type Restricted, restrict, tighten } from './restrict.js';
import { type Entry, type PartialSettings, type Settings, settings } from './schema.js';
import { type SearchOptions, searchConfigFile } from './search.js';
import { isTrusted } from './trust.js';
import { ancestors, findWorkspaceRoot, realDirectory } from './workspace-root.js';

export type { ConfigLayer, LayerName, Origin } from './merge.js';

export interface LoadConfigOptions {
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly flags?: PartialSettings | undefined;
  /** `true`: this folder is trusted for now. `false`: it is not, whatever was stored. Absent: what was stored. */
  readonly trust?: boolean | undefined;
}

export interface LoadedConfig {
  readonly settings: Settings;
  /** Lowest first, each as far as it counts. */
  readonly layers: readonly ConfigLayer[];
  /** By dotted key. */
  readonly origins: Readonly<Record<string, Origin>>;
  /** One line each: what was ignored, and what to do about it. */
  readonly notices: readonly string[];
  readonly trusted: boolean;
  /** Real path of the repository around the working directory, else of that. */
  readonly workspaceRoot: string;
  readonly paths: VictorPaths;
  /** What it was loaded with, for extensions that find their secrets in variables. */
  readonly environment: NodeJS.ProcessEnv;
}

/** Loads the settings: flags > environment > project > user > defaults. Throws `ConfigError`; nothing was started then. */
export async function loadConfig(options: LoadConfigOptions): Promise<LoadedConfig> {
  const paths = victorPaths(options.environment);
  const cwd = realDirectory(options.cwd);
  const workspaceRoot = findWorkspaceRoot(cwd);
  const trusted = options.trust ?? (await isTrusted(workspaceRoot, paths));
  const notices: string[] = [];
  const layers: ConfigLayer[] = [{ name: 'defaults', settings: settings() }];

  const searches = settingsSearches({ paths, cwd, workspaceRoot, trusted });
  const user = await searchConfigFile(searches.user);
  notices.push(...shadowNotices(user));
  if (user.found) {
    const { file, lineOf } = user.found;
    layers.push({ name: 'user', file, lineOf, settings: anchorPaths(user.found.settings, dirname(file)) });
  }

  const project = await searchConfigFile(searches.project);
  notices.push(...project.notRun.map(notRunNotice), ...shadowNotices(project));
  if (project.found) {
    const { file, lineOf } = project.found;
    const given = anchorPaths(project.found.settings, dirname(file));
    const below = settings(mergeLayers(layers).settings);
    const counts = trusted ? tighten(given, below) : restrict(given, below);
    notices.push(...ignoredNotices(file, counts, paths));
    layers.push({ name: 'project', file, lineOf, settings: counts.settings, adds: counts.adds });
  }

  const environment = environmentSettings(options.environment);
  notices.push(...environment.notices);
  layers.push({
    name: 'environment',
    settings: anchorPaths(environment.settings, cwd),
    variables: environment.variables,
  });
  if (options.flags) layers.push({ name: 'flags', settings: anchorPaths(options.flags, cwd) });

  const { merged, origins } = resolve(layers);
  return {
    settings: merged,
    layers,
    origins,
    notices,
    trusted,
    workspaceRoot,
    paths,
    environment: options.environment,
  };
}

/** What holds in a folder when no settings can be used. */
export function defaultConfig({
  cwd,
  environment,
}: Pick<LoadConfigOptions, 'cwd' | 'environment'>): LoadedConfig {
  const defaults = settings();
  return {
    settings: defaults,
    layers: [{ name: 'defaults', settings: defaults }],
    origins: {},
    notices: [],
    trusted: false,
    workspaceRoot: findWorkspaceRoot(realDirectory(cwd)),
    paths: victorPaths(environment),
    environment,
  };
}

/** Where the settings of the user and of a project are looked for, and how far their files are believed. */
export function settingsSearches({
  paths,
  cwd,
  workspaceRoot,
  trusted,
}: Pick<LoadedConfig, 'paths' | 'workspaceRoot' | 'trusted'> & { readonly cwd: string }): Readonly<
  Record<'user' | 'project', SearchOptions>
> {
  return {
    user: {
      directories: [paths.configDirectory],
      places: userSearchPlaces,
      runCode: true,
      ownedByUser: true,
    },
    project: {
      directories: ancestors(cwd, workspaceRoot).filter((directory) => directory !== paths.configDirectory),
      places: searchPlaces,
      runCode: trusted,
      within: workspaceRoot,
    },
  };
}

/**
 * The settings of one session: a config provider's answer above project and user, below environment and flags.
 * Permission keys in it only tighten. Throws `ConfigError` when the answer is not valid settings, or names code.
 */
export function withSessionConfig(
  loaded: Pick<LoadedConfig, 'layers'>,
  answer: Readonly<Record<string, unknown>>,
): Settings {
  const given = validate(answer, 'The answer of a config provider');
  for (const [key, entry] of namedExtensions(given)) {
    if (!isPath(entryName(entry))) continue;
    throw new ConfigError(
      `The answer of a config provider names code to run: ${key} is ${entryName(entry)}`,
      {
        advice: `Name it in your settings instead.`,
        key,
      },
    );
  }
  const lower = loaded.layers.filter(({ name }) => !isAbove(name));
  const upper = loaded.layers.filter(({ name }) => isAbove(name));
  const below = settings(mergeLayers(lower).settings);
  const session: ConfigLayer = { name: 'session', settings: tighten(given, below).settings };
  return resolve([...lower, session, ...upper]).merged;
}

/** The same settings with another project layer, or with none. Throws `ConfigError` when they are not valid together. */
export function withProjectLayer(loaded: LoadedConfig, project: ConfigLayer | undefined): LoadedConfig {
  const others = loaded.layers.filter(({ name }) => name !== 'project');
  const below = others.filter(({ name }) => !isAbove(name));
  const layers = [...below, ...(project ? [project] : []), ...others.filter(({ name }) => isAbove(name))];
  const { merged, origins } = resolve(layers);
  return { ...loaded, settings: merged, layers, origins };
}

/**
 * The folder that packages named by a setting are looked up from: that of the file that names them, else the user's
 * own. Never the working directory, whose node_modules may be anybody's.
 */
export function baseDirectoryOf(loaded: LoadedConfig, key: string): string {
  // An item of a list is named by its index, and has an origin of its own only where several files made the list.
  const origin = loaded.origins[key] ?? loaded.origins[key.replace(/\.\d+$/, '')];
  const stranger = origin?.layer === 'project' && !loaded.trusted;
  return origin?.file === undefined || stranger ? loaded.paths.configDirectory : dirname(origin.file);
}

function isAbove(name: ConfigLayer['name']): boolean {
  return name === 'environment' || name === 'flags';
}

function resolve(layers: readonly ConfigLayer[]): { merged: Settings; origins: LoadedConfig['origins'] } {
  const { settings: tree, origins } = mergeLayers(layers);
  const merged = settings(tree);
  const origin = origins.baseURL;
  // A host chosen by anybody but the user must not get the user's key.
  if (merged.baseURL !== undefined && (origin?.layer === 'project' || origin?.layer === 'session')) {
    checkBaseURL({
      baseURL: merged.baseURL,
      provider: providerName(merged.provider),
      credentialHosts: merged.credentialHosts,
      file: origin.file,
      line: origin.line,
    });
  }
  return { merged, origins };
}

/** Everything that settings name, by key; of lists by the key of the list. */
export function* namedExtensions(given: PartialSettings): Iterable<[string, Entry]> {
  if (given.provider) yield ['provider', given.provider];
  if (given.compaction?.strategy) yield ['compaction.strategy', given.compaction.strategy];
  if (given.toolSelection?.strategy) yield ['toolSelection.strategy', given.toolSelection.strategy];
  for (const key of ['contributors', 'configProviders', 'exporters', 'tools'] as const) {
    for (const entry of given[key] ?? []) yield [key, entry];
  }
  for (const [name, entry] of Object.entries(given.coordinators ?? {})) {
    if (entry) yield [`coordinators.${name}`, entry];
  }
}

function notRunNotice(file: string): string {
  return `${file}: not loaded, because it is code and this folder is not trusted. Run \`victor trust\` (or pass --trust) to load it.`;
}

function shadowNotices(result: { found?: { file: string }; shadowed: readonly string[] }): string[] {
  if (!result.found || result.shadowed.length === 0) return [];
  return [`${result.shadowed.join(', ')}: not read, because ${result.found.file} comes first.`];
}

function ignoredNotices(file: string, counts: Restricted, paths: VictorPaths): string[] {
  const notices: string[] = [];
  if (counts.untilTrusted.length > 0) {
    notices.push(
      `${file}: ignored until this folder is trusted: ${counts.untilTrusted.join(', ')}. Run \`victor trust\` (or pass --trust) to load them.`,
    );
  }
  if (counts.always.length > 0) {
    notices.push(
      `${file}: ignored, because a project may only tighten what holds for you: ${counts.always.join(', ')}. Set them in ${paths.configDirectory} if you want them.`,
    );
  }
  return notices;
}
