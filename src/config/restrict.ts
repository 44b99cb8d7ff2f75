import { budgetSettings } from '../core/budget.js';
import type { Mode } from '../core/coordinator.js';
import { limitSettings } from '../core/turn-limit.js';
import { builtInNames } from './built-in-names.js';
import { entryName } from './entries.js';
import type { Entry, PartialSettings, Settings } from './schema.js';

export interface Restricted {
  /** What counts. */
  readonly settings: PartialSettings;
  /** Dotted keys of lists in `settings` that add to what holds below. */
  readonly adds: readonly string[];
  /** Dotted keys that would count if the folder were trusted. */
  readonly untilTrusted: readonly string[];
  /** Dotted keys that never count in a project. */
  readonly always: readonly string[];
}

/** How much a mode lets run, most first. `plan` and `read-only` let the same run. */
const strictness: Readonly<Record<Mode, number>> = {
  yolo: 0,
  'accept-edits': 1,
  ask: 2,
  plan: 3,
  'read-only': 3,
};

/** How far a command is confined, least first. */
const sandboxModes = ['off', 'auto', 'require'] as const;

/** Keys that lower a limit when they are smaller than what holds without them. */
const limits = ['maxTokens', ...limitSettings, ...budgetSettings] as const;
/** Limits that a project only ever lowers. Of `maxTokens` and `maxTurns` a trusted one may want more than the default. */
export const loweredOnly = ['maxToolCalls', 'maxTotalTokens', 'maxMinutes', ...budgetSettings] as const;
/** Whose keys go where, which folders count as the workspace and what commands know and what money buys, only the user says. */
const keysOfUser = [
  ...(['credentialHosts', 'apiKeyFile', 'additionalDirectories', 'commandEnvironment'] as const),
  // It runs after each turn, unasked.
  'statusLine',
  // A price of nothing would keep every budget.
  'prices',
] as const;
/** Coordinators that permissions rest on. */
const guardedCoordinators = ['mode', 'permission'] as const;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type Drop = (key: string) => void;

/** Whether a mode lets less happen than another. */
export function isStricter(mode: Mode, than: Mode): boolean {
  return strictness[mode] > strictness[than];
}

/**
 * What a project, or the answer of a config provider, may say of permissions, folders, credentials and limits of a turn:
 * it only ever tightens. `below` are the settings that hold without it.
 */
export function tighten(given: PartialSettings, below: Settings): Restricted {
  const always: string[] = [];
  const settings = { ...given };
  if (given.permissions)
    settings.permissions = tightenPermissions(given.permissions, below, (key) => always.push(key));
  for (const key of keysOfUser) {
    if (settings[key] === undefined) continue;
    delete settings[key];
    always.push(key);
  }
  for (const key of loosened(settings, below)) {
    delete settings[key];
    always.push(key);
  }
  for (const key of loweredOnly) {
    if (settings[key] === undefined || isLowerLimit(key, settings, below)) continue;
    delete settings[key];
    always.push(key);
  }
  if (given.subagents && !below.subagents) {
    delete settings.subagents;
    always.push('subagents');
  }
  if (given.mcpServers) {
    // What the user calls so, and may have allowed by that name, stays the user's.
    const own = (name: string) => Object.hasOwn(below.mcpServers, name);
    const servers = Object.entries(given.mcpServers);
    settings.mcpServers = Object.fromEntries(servers.filter(([name]) => !own(name)));
    always.push(...servers.filter(([name]) => own(name)).map(([name]) => `mcpServers.${name}`));
  }
  if (given.analytics) {
    // What waits is everybody's: a project that lets little wait would drop the events of others.
    const { maxWaitingEvents, maxWaitingMegabytes, ...analytics } = given.analytics;
    if (maxWaitingEvents !== undefined) always.push('analytics.maxWaitingEvents');
    if (maxWaitingMegabytes !== undefined) always.push('analytics.maxWaitingMegabytes');
    settings.analytics = analytics;
  }
  if (given.coordinators) {
    const coordinators = { ...given.coordinators };
    for (const name of guardedCoordinators) {
      if (coordinators[name] === undefined) continue;
      delete coordinators[name];
      always.push(`coordinators.${name}`);
    }
    settings.coordinators = coordinators;
  }
  return { settings, adds: [], untilTrusted: [], always };
}

/** What an untrusted project may say: rules that tighten, lower limits, and names of built-ins. */
export function restrict(given: PartialSettings, below: Settings): Restricted {
  const { settings: tight, always } = tighten(given, below);
  const untilTrusted: string[] = [];
  const settings: Mutable<PartialSettings> = {};
  const drop: Drop = (key) => untilTrusted.push(key);
  for (const key of Object.keys(tight) as (keyof PartialSettings)[]) {
    if (tight[key] === undefined) continue;
    if (key === 'permissions') settings.permissions = tight.permissions;
    else if (key === 'contributors')
      settings.contributors = addedContributors(tight.contributors ?? [], below, drop);
    else if (key === 'compaction') settings.compaction = namedOnly(key, tight.compaction!, drop);
    else if (key === 'toolSelection') settings.toolSelection = namedOnly(key, tight.toolSelection!, drop);
    else if (key === 'sandbox' || key === 'sandboxNetwork') Object.assign(settings, { [key]: tight[key] });
    else if (key === 'subagents') settings.subagents = tight.subagents;
    else if (isLowerLimit(key, tight, below)) settings[key] = tight[key];
    else drop(key);
  }
  return { settings, adds: ['contributors'], untilTrusted, always };
}

/** What would confine commands less than they are. */
function loosened(given: PartialSettings, below: Settings): ('sandbox' | 'sandboxNetwork')[] {
  const { sandbox = below.sandbox, sandboxNetwork = false } = given;
  const isLooser = sandboxModes.indexOf(sandbox) < sandboxModes.indexOf(below.sandbox);
  const opens = sandboxNetwork && !below.sandboxNetwork;
  return [...(isLooser ? (['sandbox'] as const) : []), ...(opens ? (['sandboxNetwork'] as const) : [])];
}

function tightenPermissions(
  given: NonNullable<PartialSettings['permissions']>,
  below: Settings,
  drop: Drop,
): PartialSettings['permissions'] {
  const { allow, mode, ...tightening } = given;
  if (allow !== undefined && allow.length > 0) drop('permissions.allow');
  if (mode === undefined || mode === below.permissions.mode) return tightening;
  if (isStricter(mode, below.permissions.mode)) return { ...tightening, mode };
  drop('permissions.mode');
  return tightening;
}

/** Built-in contributors may be added to the user's, whose own list a stranger does not shorten. */
function addedContributors(given: readonly Entry[], below: Settings, drop: Drop): Entry[] {
  const known = given.filter((entry) => builtInNames.contributors.includes(entryName(entry)));
  if (known.length < given.length) drop('contributors');
  const present = new Set(below.contributors.map(entryName));
  return known.filter((entry) => !present.has(entryName(entry)));
}

function namedOnly<Section extends { readonly strategy?: Entry | undefined }>(
  key: 'compaction' | 'toolSelection',
  section: Section,
  drop: Drop,
): Section {
  const { strategy, ...rest } = section;
  if (strategy === undefined || builtInNames[key].includes(entryName(strategy))) return section;
  drop(`${key}.strategy`);
  return rest as Section;
}

function isLowerLimit(
  key: keyof PartialSettings,
  given: PartialSettings,
  below: Settings,
): key is (typeof limits)[number] {
  const limit = limits.find((one) => one === key);
  if (limit === undefined) return false;
  return (given[limit] ?? Number.POSITIVE_INFINITY) <= (below[limit] ?? Number.POSITIVE_INFINITY);
}
