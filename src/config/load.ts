import { basename, dirname } from 'node:path';
import { ConfigError } from '../core/errors.js';
import { checkBaseURL } from './base-url.js';
import { validate } from './config-file.js';
import { anchorPaths, entryName, isPath, namedExtensions } from './entries.js';
import { environmentSettings } from './environment.js';
import { searchPlaces, userSearchPlaces } from './find.js';
import { type FolderItem, programItem } from './folder-items.js';
import { promptsNotice } from './folder-prompts.js';
import { changedNotices, notRunNotice, shadowNotices } from './load-notices.js';
import { readMcpFile } from './mcp-file.js';
import { type ConfigLayer, mergeLayers, type Origin, providerName } from './merge.js';
import { type VictorPaths, victorPaths } from './paths.js';
import { projectLayer, projectPart } from './project-part.js';
import { tighten } from './restrict.js';
import { type PartialSettings, type Settings, settings } from './schema.js';
import { type SearchOptions, searchConfigFile } from './search.js';
import { findTrusted, type TrustedFolder } from './trust.js';
import { ancestors, findWorkspaceRoot, realDirectory } from './workspace-root.js';

export type { ConfigLayer, LayerName, Origin } from './merge.js';

export interface LoadConfigOptions {
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly flags?: PartialSettings | undefined;
  /** `true`: this folder is trusted for now. `false`: it is not, whatever was stored. Absent: what was stored. */
  readonly trust?: boolean | undefined;
  /** What changed in a trusted folder since the user confirmed it counts all the same: the caller holds it back. */
  readonly unconfirmedToo?: boolean;
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
  /** What the folder would bring and the user has not confirmed. */
  readonly unconfirmed: readonly FolderItem[];
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
  const record = options.trust === undefined ? await findTrusted(workspaceRoot, paths) : undefined;
  const trusted = options.trust ?? record !== undefined;
  const isConfirmed = confirmedBy(record, trusted);
  const unconfirmed: FolderItem[] = [];
  const notices: string[] = [];
  const layers: ConfigLayer[] = [{ name: 'defaults', settings: settings() }];

  const runCode = (file: string) => trusted && (options.unconfirmedToo || isConfirmed(programItem(file)));
  const searches = settingsSearches({ paths, cwd, workspaceRoot, runCode });
  const user = await searchConfigFile(searches.user);
  notices.push(...shadowNotices(user));
  if (user.found) {
    const { file, lineOf } = user.found;
    layers.push({ name: 'user', file, lineOf, settings: anchorPaths(user.found.settings, dirname(file)) });
  }

  const project = await searchConfigFile(searches.project);
  const programs = project.notRun.filter((file) => comesFirst(file, project.found?.file)).map(programItem);
  unconfirmed.push(...programs.slice(0, 1));
  if (!trusted) notices.push(...project.notRun.map(notRunNotice));
  const changed = [...programs];
  notices.push(...shadowNotices(project));
  const below = settings(mergeLayers(layers).settings);
  const unconfirmedToo = options.unconfirmedToo ?? false;
  const part = (file: string, given: PartialSettings) =>
    projectPart(file, anchorPaths(given, dirname(file)), {
      ...{ below, trusted, isConfirmed, unconfirmedToo, paths },
    });
  const own = project.found && part(project.found.file, project.found.settings);
  // Once a program that comes first may run, this file does not count any more.
  if (own && programs.length === 0) unconfirmed.push(...own.waiting, ...own.untrusted);
  const mcpFile = readMcpFile(searches.project.directories, workspaceRoot);
  const servers = mcpFile && part(mcpFile.file, mcpFile.settings);
  if (servers) unconfirmed.push(...servers.waiting, ...servers.untrusted);
  notices.push(...(own?.notices ?? []), ...(mcpFile?.notices ?? []), ...(servers?.notices ?? []));
  changed.push(...(own?.waiting ?? []), ...(servers?.waiting ?? []));
  const layer = projectLayer(project.found, own, mcpFile?.file, servers);
  if (layer) layers.push(layer);
  if (trusted && !options.unconfirmedToo) notices.push(...changedNotices(changed));

  if (!trusted) notices.push(...promptsNotice({ cwd, workspaceRoot, environment: options.environment }));

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
    unconfirmed,
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
    unconfirmed: [],
    workspaceRoot: findWorkspaceRoot(realDirectory(cwd)),
    paths: victorPaths(environment),
    environment,
  };
}

/** Where the settings of the user and of a project are looked for, and which of the project's may run. */
export function settingsSearches({
  paths,
  cwd,
  workspaceRoot,
  runCode,
}: Pick<LoadedConfig, 'paths' | 'workspaceRoot'> & {
  readonly cwd: string;
  readonly runCode: (file: string) => boolean;
}): Readonly<Record<'user' | 'project', SearchOptions>> {
  return {
    user: {
      directories: [paths.configDirectory],
      places: userSearchPlaces,
      runCode: () => true,
      ownedByUser: true,
    },
    project: {
      directories: ancestors(cwd, workspaceRoot).filter((directory) => directory !== paths.configDirectory),
      places: searchPlaces,
      runCode,
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
  if (given.mcpServers !== undefined) {
    throw new ConfigError('The answer of a config provider names MCP servers, which it may not', {
      advice: 'Name them in your settings instead.',
      key: 'mcpServers',
    });
  }
  if (given.hooks !== undefined) {
    throw new ConfigError('The answer of a config provider names hooks, which it may not', {
      advice: 'Name them in your settings instead.',
      key: 'hooks',
    });
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

/** Trust of a folder is of what was in it: `--trust` is of all that is there now. */
function confirmedBy(record: TrustedFolder | undefined, trusted: boolean): (item: FolderItem) => boolean {
  if (record === undefined) return () => trusted;
  const pins = new Set(record.pins);
  return ({ pin }) => pin !== undefined && pins.has(pin);
}

/** Whether a program would be the settings of the project, if it might run, in place of the file that was found. */
function comesFirst(program: string, found: string | undefined): boolean {
  const place = (file: string) => (searchPlaces as readonly string[]).indexOf(basename(file));
  return found === undefined || dirname(program) !== dirname(found) || place(program) < place(found);
}
