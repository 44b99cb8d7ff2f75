import { presets } from '../providers/presets.js';
import { formatKey, type KeySegment } from './key-path.js';
import { isPlainObject } from './plain.js';
import type { PartialSettings } from './schema.js';

/** `program`: given by the program that made the orchestrator. */
export type LayerName = 'defaults' | 'user' | 'project' | 'session' | 'environment' | 'flags' | 'program';

/** The settings of one source, as far as they count. */
export interface ConfigLayer {
  readonly name: LayerName;
  readonly file?: string;
  readonly settings: PartialSettings;
  /** The line of a key in `file`, from 1. */
  readonly lineOf?: (path: readonly KeySegment[]) => number | undefined;
  /** Dotted keys of lists that this layer adds to instead of replacing them. */
  readonly adds?: readonly string[];
  /** The environment variable that gave a dotted key. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The file of a dotted key that does not stand in `file`. */
  readonly otherFiles?: Readonly<Record<string, string>>;
}

/** Where the value of one key came from. */
export interface Origin {
  readonly layer: LayerName;
  readonly file?: string;
  readonly line?: number;
  readonly variable?: string;
}

export interface Merged {
  readonly settings: PartialSettings;
  /** By dotted key; objects are told apart by their leaves, permission lists also by their items. */
  readonly origins: Readonly<Record<string, Origin>>;
}

type Tree = Record<string, unknown>;
type Origins = Record<string, Origin>;

const unitingLists = new Set([
  'permissions.allow',
  'permissions.ask',
  'permissions.deny',
  'permissions.tests',
]);
/** A model, an address and a key belong to one provider and must not reach another. */
const keysOfProvider = ['model', 'baseURL', 'apiKeyFile', 'contextWindow'] as const;

/** Merges layers, lowest first: objects deeply, everything else replaced, permission lists and hooks united. */
export function mergeLayers(layers: readonly ConfigLayer[]): Merged {
  const tree: Tree = {};
  const origins: Origins = {};
  for (const layer of layers) {
    dropKeysOfOtherProvider(tree, origins, layer);
    mergeInto(tree, layer.settings as Tree, [], layer, origins);
  }
  return { settings: tree as PartialSettings, origins };
}

function mergeInto(
  target: Tree,
  source: Tree,
  path: readonly KeySegment[],
  layer: ConfigLayer,
  origins: Origins,
): void {
  for (const [key, value] of Object.entries(source)) {
    if (value === undefined) continue;
    const here = [...path, key];
    const dotted = formatKey(here);
    if (dotted === 'provider' && namesAgain(target[key], value)) continue;
    if (isPlainObject(value) && !isOneValue(path)) {
      const existing = target[key];
      const child: Tree = isPlainObject(existing) ? existing : {};
      target[key] = child;
      if (Object.keys(value).length > 0) delete origins[dotted];
      else if (Object.keys(child).length === 0) origins[dotted] = originOf(layer, here);
      mergeInto(child, value, here, layer, origins);
    } else if ((unites(dotted) || layer.adds?.includes(dotted)) && Array.isArray(value)) {
      target[key] = unite((target[key] as unknown[] | undefined) ?? [], value, here, layer, origins);
    } else {
      target[key] = value;
      // The items of a list that was united before are gone with it.
      for (const one of Object.keys(origins)) if (one.startsWith(`${dotted}.`)) delete origins[one];
      origins[dotted] = originOf(layer, here);
    }
  }
}

/** Of hooks, too, one layer only ever adds: what the user has refused stays refused. */
function unites(dotted: string): boolean {
  return unitingLists.has(dotted) || dotted.startsWith('hooks.');
}

/** A name alone says nothing against the options of a lower layer, whose address would else give way to the usual one. */
function namesAgain(lower: unknown, value: unknown): boolean {
  return Array.isArray(lower) && lower[0] === value;
}

/** A server is started as one layer defines it: half of it from another one would hand the secrets of one to the other. */
function isOneValue(path: readonly KeySegment[]): boolean {
  return path.length === 1 && path[0] === 'mcpServers';
}

/** Each item keeps its own origin: a package is looked up from the folder of the file that names it. */
function unite(
  lower: readonly unknown[],
  added: readonly unknown[],
  path: readonly KeySegment[],
  layer: ConfigLayer,
  origins: Origins,
): unknown[] {
  const dotted = formatKey(path);
  const list = [...lower];
  const before = origins[dotted];
  list.forEach((_, index) => {
    if (before) origins[formatKey([...path, index])] ??= before;
  });
  added.forEach((item, index) => {
    if (list.includes(item)) return;
    list.push(item);
    origins[formatKey([...path, list.length - 1])] = originOf(layer, [...path, index]);
  });
  if (list.length > lower.length || before === undefined) origins[dotted] = originOf(layer, path);
  return list;
}

function dropKeysOfOtherProvider(tree: Tree, origins: Origins, layer: ConfigLayer): void {
  const name = providerName(layer.settings.provider) ?? providerOfModel(layer.settings.model);
  if (name === undefined) return;
  const lower = tree as PartialSettings;
  const before = providerName(lower.provider) ?? providerOfModel(lower.model);
  if (before === name) return;
  // Without a provider a key and an address are for whichever the user had in mind; nobody may guess.
  const dropped = before !== undefined ? keysOfProvider : (['apiKeyFile', 'baseURL'] as const);
  for (const key of dropped) {
    delete tree[key];
    delete origins[key];
  }
}

/** The name or path of an entry. */
export function providerName(entry: PartialSettings['provider']): string | undefined {
  return typeof entry === 'string' ? entry : entry?.[0];
}

/** A model may be written `provider/model`; model names may hold slashes themselves. */
export function providerOfModel(model: string | undefined): string | undefined {
  const prefix = model?.split('/', 1)[0];
  return prefix !== undefined && prefix !== model && Object.hasOwn(presets, prefix) ? prefix : undefined;
}

function originOf(layer: ConfigLayer, path: readonly KeySegment[]): Origin {
  const other = layer.otherFiles?.[formatKey(path)];
  const line = other === undefined ? layer.lineOf?.(path) : undefined;
  const variable = layer.variables?.[formatKey(path)];
  const file = other ?? layer.file;
  return {
    layer: layer.name,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(variable === undefined ? {} : { variable }),
  };
}
