import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { builtInNames } from './built-in-names.js';
import { codeHash } from './code-hash.js';
import { entryName, isPath, namedExtensions } from './entries.js';
import { hooksCode } from './hook-code.js';
import { maskSecrets } from './mask-secrets.js';
import type { McpServerSetting } from './mcp-settings.js';
import { providerOfModel } from './merge.js';
import { resolvePackage } from './resolve-package.js';
import type { Entry, PartialSettings } from './schema.js';
import { serverCode } from './server-code.js';

/** One thing that a folder would bring: an extension, an address, settings that are a program, or another setting. */
export interface FolderItem {
  /** The dotted key that names it, without an index; `settings` for a file that is a program. */
  readonly key: string;
  /** Its whole value, so that nothing hides behind a cut; secrets are masked. */
  readonly value: string;
  /** The settings file it comes from, absolute. */
  readonly file: string;
  /** The file that would run, absolute. */
  readonly code?: string;
  /** Whether a change of it takes the user's word again. */
  readonly pinned: boolean;
  /** What the user agrees to: a hash over the setting and the code. Absent where the code is too large for one. */
  readonly pin?: string;
  /** As the settings name it. */
  readonly entry?: Entry;
}

/** The whole of it in one line. */
export function describeItem({ key, value, code }: FolderItem): string {
  if (key === 'settings') return 'settings that are a program: it runs';
  if (code === undefined) return `${key}: ${value}`;
  return code === value ? `${key}: ${code} runs` : `${key}: ${value}: ${code} runs`;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const addresses = ['provider', 'baseURL', 'model'] as const;

/** Settings that are a program. What it names counts as part of it, since it could load anything itself. */
export function programItem(file: string): FolderItem {
  return pinned({ key: 'settings', value: file, file, code: file }, null);
}

/** Code, and places where data goes, that settings name and that do not come with Victor. */
export function settingItems(given: PartialSettings, file: string): FolderItem[] {
  const items: FolderItem[] = [];
  for (const [key, entry] of namedExtensions(given)) {
    if (isBuiltIn(key, entry)) continue;
    const code = codeOf(entry, file);
    const value = wholeValue(entry, key);
    items.push(pinned({ key, value, file, entry, ...(code === undefined ? {} : { code }) }, entry));
  }
  for (const [name, server] of Object.entries(given.mcpServers ?? {})) {
    const item = { key: `mcpServers.${name}`, value: serverValue(server), file };
    const code = serverCode(server, dirname(file));
    items.push(code === undefined ? { ...item, pinned: true } : pinned(item, [server, ...code]));
  }
  for (const [name, groups] of Object.entries(given.hooks ?? {})) {
    if (!groups || groups.length === 0) continue;
    const item = { key: `hooks.${name}`, value: `${wholeValue(groups, 'hooks')} runs`, file };
    const code = hooksCode(groups, dirname(file));
    items.push(code === undefined ? { ...item, pinned: true } : pinned(item, [groups, ...code]));
  }
  const { baseURL, model, fallback } = given;
  if (baseURL !== undefined)
    items.push(pinned({ key: 'baseURL', value: wholeValue(baseURL, 'baseURL'), file }, baseURL));
  if (model !== undefined && providerOfModel(model) !== undefined)
    items.push(pinned({ key: 'model', value: wholeValue(model, 'model'), file }, model));
  // Whoever is named there may get to see the conversation.
  if (fallback !== undefined && fallback.length > 0)
    items.push(pinned({ key: 'fallback', value: wholeValue(fallback, 'fallback'), file }, fallback));
  return items;
}

/** Settings that wait for trust, as far as `settingItems` does not name them. */
export function otherItems(keys: readonly string[], given: PartialSettings, file: string): FolderItem[] {
  const named = settingItems(given, file).map(({ key }) => key);
  return keys
    .filter((key) => !named.some((one) => one === key || one.startsWith(`${key}.`)))
    .map((key) => ({ key, value: wholeValue(valueAt(given, key), key), file, pinned: false }));
}

/** The same settings without what waits for the user's word. An address never stays without its provider. */
export function withoutItems(given: PartialSettings, items: readonly FolderItem[]): PartialSettings {
  const settings: Mutable<PartialSettings> = { ...given };
  const waits = (key: string, entry: Entry | undefined) =>
    items.some((one) => one.key === key && one.entry === entry);
  if (items.some(({ key }) => addresses.some((one) => one === key)))
    for (const key of [...addresses, 'contextWindow'] as const) delete settings[key];
  if (items.some(({ key }) => key === 'fallback')) delete settings.fallback;
  for (const key of ['contributors', 'configProviders', 'exporters', 'tools'] as const) {
    const entries = settings[key];
    const kept = entries?.filter((entry) => !waits(key, entry)) ?? [];
    if (entries === undefined || kept.length === entries.length) continue;
    settings[key] = kept;
    // An empty list would put the user's own aside.
    if (kept.length === 0) delete settings[key];
  }
  for (const key of ['compaction', 'toolSelection'] as const) {
    const { strategy, ...rest } = settings[key] ?? {};
    if (strategy !== undefined && waits(`${key}.strategy`, strategy)) settings[key] = rest;
  }
  if (settings.mcpServers) {
    const servers = Object.entries(settings.mcpServers);
    settings.mcpServers = Object.fromEntries(
      servers.filter(([name]) => !items.some(({ key }) => key === `mcpServers.${name}`)),
    );
  }
  if (settings.hooks) {
    const events = Object.entries(settings.hooks);
    settings.hooks = Object.fromEntries(
      events.filter(([name]) => !items.some(({ key }) => key === `hooks.${name}`)),
    );
  }
  if (settings.coordinators) {
    const named = Object.entries(settings.coordinators);
    settings.coordinators = Object.fromEntries(
      named.filter(([name, entry]) => !waits(`coordinators.${name}`, entry)),
    );
  }
  return settings;
}

function pinned(item: Omit<FolderItem, 'pinned' | 'pin'>, setting: unknown): FolderItem {
  const code = item.code === undefined ? '' : codeHash(item.code);
  if (code === undefined) return { ...item, pinned: true };
  const what = JSON.stringify([item.key, item.file, setting, item.code, code]);
  return { ...item, pinned: true, pin: createHash('sha256').update(what).digest('hex') };
}

/** What would be started, or reached; how is told without secrets. */
function serverValue(server: McpServerSetting): string {
  const shown = wholeValue(server, 'mcpServers');
  return 'command' in server
    ? `${[server.command, ...(server.args ?? [])].join(' ')} runs: ${shown}`
    : `${server.url} is connected to: ${shown}`;
}

function isBuiltIn(key: string, entry: Entry): boolean {
  const list = key.split('.')[0]!;
  const names = Object.hasOwn(builtInNames, list) ? builtInNames[list as keyof typeof builtInNames] : [];
  return names.includes(entryName(entry));
}

/** The file that an entry runs; a built-in whose name a package of the folder bears counts as that package. */
function codeOf(entry: Entry, file: string): string | undefined {
  const name = entryName(entry);
  return isPath(name) ? name : resolvePackage(name, dirname(file));
}

function valueAt(given: PartialSettings, key: string): unknown {
  return key.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown>)?.[name], given);
}

function wholeValue(value: unknown, key: string): string {
  const shown = maskSecrets(value, key.slice(key.lastIndexOf('.') + 1));
  return typeof shown === 'string' ? shown : JSON.stringify(shown);
}
