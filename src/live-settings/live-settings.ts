import { setTimeout as sleep } from 'node:timers/promises';
import { changedSettings, originOf, type SettingChange } from '../config/changed-settings.js';
import { entryName, isPath, namedExtensions } from '../config/entries.js';
import { type BuiltInNames, holdBack } from '../config/hold-back.js';
import { type ConfigLayer, type LoadedConfig, withProjectLayer } from '../config/load.js';
import { fingerprint, projectCode, settingsPlaces, watchFiles } from '../config/saved-files.js';
import type { Settings } from '../config/schema.js';
import { isInside } from '../config/workspace-root.js';
import type { ProviderCoordinatorOptions } from '../coordinators/provider.js';
import { ExtensionError } from '../core/errors.js';
import type { Tool } from '../core/tool.js';
import type { ExtensionInstances, Generation } from '../extensions/extension-instances.js';
import type { NamedExtension } from '../extensions/extension-loader.js';
import type { LoadedExtensions } from '../wiring.js';

/** What settings come to, ready for the coordinators. */
export interface PreparedSettings {
  readonly settings: Settings;
  readonly extensions: LoadedExtensions;
  readonly tools: readonly Tool[];
  readonly provider: ProviderCoordinatorOptions;
  readonly named: readonly NamedExtension[];
}

export interface LiveSettingsOptions {
  readonly config: LoadedConfig;
  /** Real path that the settings were looked for from. */
  readonly cwd: string;
  readonly instances: ExtensionInstances;
  readonly builtIn: BuiltInNames;
  /** The extensions as they were loaded at the start. */
  readonly named: readonly NamedExtension[];
  /** Loads the settings again, as at the start. */
  readonly load: () => Promise<LoadedConfig>;
  /** Remembers beyond this process that the user confirmed what these settings name. */
  readonly confirm: (config: LoadedConfig) => Promise<void>;
  readonly isTrusted: () => Promise<boolean>;
  /** These settings hold from now on; `confirmed`: the user has said so of all that they name. */
  readonly onHold: (config: LoadedConfig, confirmed: boolean) => Promise<void>;
  /** Makes ready what the settings name. Nothing of it holds yet. */
  readonly prepare: (config: LoadedConfig, obtain: Generation['obtain']) => Promise<PreparedSettings>;
}

/** A key whose new value, or a file whose new code, waits until the user confirms it. */
export interface Waiting {
  readonly key: string;
  readonly file?: string;
  readonly line?: number;
}

/** What was saved. */
export interface SettingsUpdate {
  /** Absent when everything stays as it is. */
  readonly prepared?: PreparedSettings;
  readonly changes: readonly SettingChange[];
  readonly waiting: readonly Waiting[];
  /** One line each that the user has not read yet. */
  readonly notices: readonly string[];
}

/** A save is over once the files stay the same for this long: some editors empty a file before they write it. */
const SETTLE_MS = 30;
const MOST_LOOKS = 20;

/** The settings of a process that goes on while their files are edited. */
export class LiveSettings {
  readonly #options: LiveSettingsOptions;
  readonly #places: readonly string[];
  #config: LoadedConfig;
  #named: readonly NamedExtension[];
  /** The files as they were when they were read last, whether they were valid or not. */
  #seen: string | undefined;
  #layerFiles: readonly string[];
  #onSave: (() => void) | undefined;
  #stopWatching = () => {};

  constructor(options: LiveSettingsOptions) {
    this.#options = options;
    this.#config = options.config;
    this.#named = options.named;
    this.#layerFiles = layerFiles(options.config);
    this.#places = settingsPlaces(options.config, options.cwd);
    if (!options.config.trusted) return;
    const waiting = new Set(options.config.unconfirmed.map(({ code }) => code));
    const code = projectCode(options.config, options.cwd).filter((file) => !waiting.has(file));
    for (const file of code) options.instances.remember(file);
  }

  /** What holds now. */
  get config(): LoadedConfig {
    return this.#config;
  }

  /** Calls back soon after each save, until `stop`. */
  watch(onSave: () => void): void {
    this.#onSave = onSave;
    this.#seen ??= this.#look();
    this.#stopWatching();
    this.#stopWatching = watchFiles([...this.#places, ...extensionFiles(this.#config)], onSave);
  }

  stop(): void {
    this.#onSave = undefined;
    this.#stopWatching();
  }

  /**
   * What was saved since the last call; `undefined` when nothing was. Throws, once for each version of the files, when
   * it cannot hold: what held before goes on to hold. With `confirm` nothing waits.
   */
  async next({ confirm }: { readonly confirm: boolean }): Promise<SettingsUpdate | undefined> {
    if (!confirm && this.#look() === this.#seen) return undefined;
    this.#seen = await this.#settled();
    const newCode = await this.#newProjectCode();
    // To read these settings would be to run them.
    if (newCode.length > 0 && !confirm)
      return { changes: [], waiting: newCode.map((file) => ({ key: 'its code', file })), notices: [] };
    for (const file of newCode) this.#options.instances.remember(file);

    const before = this.#config;
    const loaded = await this.#options.load();
    const notices = this.#unreadNotices(loaded);
    const held = confirm
      ? { layer: projectLayer(loaded), waiting: [] }
      : holdBack(projectLayer(before), projectLayer(loaded), this.#options.builtIn);
    const config = held.waiting.length > 0 ? withProjectLayer(loaded, held.layer) : loaded;
    const files = this.#changedExtensions(config, confirm);
    const changes = [...changedSettings(before, config), ...files.changes];
    const waiting = [...held.waiting.map((key) => ({ key, ...placeOf(loaded, key) })), ...files.waiting];
    const prepared = await this.#hold(config);
    if (confirm) await this.#options.confirm(loaded);
    await this.#options.onHold(config, confirm);
    return { ...(changes.length > 0 ? { prepared } : {}), changes, waiting, notices };
  }

  /** From here on these settings hold, unless what they name does not load. */
  async #hold(config: LoadedConfig): Promise<PreparedSettings> {
    const generation = this.#options.instances.nextGeneration();
    const prepared = await this.#options.prepare(config, generation.obtain);
    refuseNewFailures(this.#named, prepared.named);
    generation.accept();
    this.#config = config;
    this.#named = prepared.named;
    // Files that are named only now are seen as they were loaded.
    this.#seen = `${this.#seen?.split('\n')[0]}\n${fingerprint(extensionFiles(config))}`;
    if (this.#onSave) this.watch(this.#onSave);
    return prepared;
  }

  async #newProjectCode(): Promise<string[]> {
    const { cwd, instances, isTrusted } = this.#options;
    if (!(await isTrusted())) return [];
    return projectCode(this.#config, cwd).filter((file) => instances.isNew(file));
  }

  #look(): string {
    return `${fingerprint(this.#places)}\n${fingerprint(extensionFiles(this.#config))}`;
  }

  async #settled(): Promise<string> {
    let last = this.#look();
    for (let look = 1; look < MOST_LOOKS; look += 1) {
      await sleep(SETTLE_MS);
      const now = this.#look();
      if (now === last) return now;
      last = now;
    }
    return last;
  }

  /** Extensions whose file holds other code than what was loaded from it. */
  #changedExtensions(config: LoadedConfig, confirm: boolean) {
    const { instances } = this.#options;
    const changes: SettingChange[] = [];
    const waiting: Waiting[] = [];
    for (const [key, entry] of namedExtensions(config.settings)) {
      const file = entryName(entry);
      if (!isPath(file) || !instances.knows(file) || !instances.isNew(file)) continue;
      // Whatever lies in the workspace may have been written by the model.
      const fromWorkspace =
        originOf(config, key)?.layer === 'project' || isInside(file, config.workspaceRoot);
      if (fromWorkspace && !confirm) {
        waiting.push({ key: `${key} (changed code)`, file });
        continue;
      }
      instances.remember(file);
      changes.push({ key, from: file, to: 'its new code', ...placeOf(config, key) });
    }
    return { changes, waiting };
  }

  #unreadNotices(loaded: LoadedConfig): string[] {
    const files = layerFiles(loaded);
    const gone = this.#layerFiles.filter((file) => !files.includes(file));
    this.#layerFiles = files;
    return [
      ...gone.map((file) => `${file} is no longer read; what it set does not hold any more.`),
      ...loaded.notices.filter((one) => !this.#config.notices.includes(one)),
    ];
  }
}

function projectLayer({ layers }: LoadedConfig): ConfigLayer | undefined {
  return layers.find(({ name }) => name === 'project');
}

function layerFiles({ layers }: LoadedConfig): string[] {
  return layers.flatMap(({ file }) => file ?? []);
}

function extensionFiles({ settings }: LoadedConfig): string[] {
  return [...namedExtensions(settings)].map(([, entry]) => entryName(entry)).filter(isPath);
}

function placeOf(config: LoadedConfig, key: string): { file?: string; line?: number } {
  const { file, line } = originOf(config, key) ?? {};
  return { ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { line }) };
}

/** At the start a broken extension has a fallback; here what serves now is better than that. */
function refuseNewFailures(before: readonly NamedExtension[], after: readonly NamedExtension[]): void {
  const known = new Set(before.map(({ kind, name, failure }) => failure && `${kind} ${name}`));
  const broken = after.find(({ kind, name, failure }) => failure && !known.has(`${kind} ${name}`));
  if (broken?.failure) throw new ExtensionError(broken.failure.message, { reason: 'broken' });
}
