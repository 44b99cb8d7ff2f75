import type { Mode } from '../core/coordinator.js';
import type { HookName } from '../core/hook.js';
import { entryName } from './entries.js';
import { type ConfigLayer, providerOfModel } from './merge.js';
import { isStricter, loweredOnly } from './restrict.js';
import type { Entry, PartialSettings } from './schema.js';

export interface HeldBack {
  /** The project's layer as far as it counts without the user's word. */
  readonly layer: ConfigLayer | undefined;
  /** Dotted keys that wait for it. */
  readonly waiting: readonly string[];
}

/** Names whose code comes with Victor, by the setting that names them. */
export type BuiltInNames = Readonly<
  Record<'contributors' | 'compaction' | 'toolSelection', readonly string[]>
>;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const lists = ['fallback', 'exporters', 'configProviders', 'tools'] as const;
const addresses = ['provider', 'baseURL', 'embedder'] as const;

/**
 * What a project file that was saved while a process runs may change by itself: anybody who can write into the
 * workspace, the model included, may have saved it. New or changed code, new places where data goes, and rules looser
 * than those the process runs under keep their old value until the user confirms them.
 */
export function holdBack(
  before: ConfigLayer | undefined,
  after: ConfigLayer | undefined,
  builtIn: BuiltInNames,
): HeldBack {
  const old: PartialSettings = before?.settings ?? {};
  const given: PartialSettings = after?.settings ?? {};
  const settings: Mutable<PartialSettings> = { ...given };
  const waiting: string[] = [];
  const keep = <Key extends keyof PartialSettings>(key: Key, value: PartialSettings[Key], name: string) => {
    if (value === undefined) delete settings[key];
    else settings[key] = value;
    waiting.push(name);
  };

  for (const key of addresses) {
    if (given[key] !== undefined && !isEqual(given[key], old[key])) keep(key, old[key], key);
  }
  const { model } = given;
  if (
    model !== undefined &&
    providerOfModel(model) !== providerOfModel(old.model) &&
    !isEqual(model, old.model)
  )
    keep('model', old.model, 'model');
  for (const [name, server] of Object.entries(given.mcpServers ?? {})) {
    const before = old.mcpServers?.[name];
    if (isEqual(server, before)) continue;
    const { [name]: _, ...others } = settings.mcpServers ?? {};
    keep('mcpServers', before === undefined ? others : { ...others, [name]: before }, `mcpServers.${name}`);
  }
  for (const [name, workflow] of Object.entries(given.workflows ?? {})) {
    const before = old.workflows?.[name];
    // What it would run was read by nobody; prompts alone are what the user would type.
    if (isEqual(workflow, before) || !hasCommands(workflow)) continue;
    const { [name]: _, ...others } = settings.workflows ?? {};
    keep('workflows', before === undefined ? others : { ...others, [name]: before }, `workflows.${name}`);
  }
  // They are read at the start only; what is new by then is confirmed here.
  for (const [name, groups] of Object.entries(given.hooks ?? {})) {
    const before = old.hooks?.[name as HookName];
    if (isEqual(groups, before)) continue;
    const { [name as HookName]: _, ...others } = settings.hooks ?? {};
    keep('hooks', before === undefined ? others : { ...others, [name]: before }, `hooks.${name}`);
  }
  for (const key of lists) {
    if (hasNew(given[key], old[key], [])) keep(key, old[key], key);
  }
  if (hasNew(given.contributors, old.contributors, builtIn.contributors))
    keep('contributors', old.contributors, 'contributors');
  for (const key of ['compaction', 'toolSelection'] as const) {
    const strategy = given[key]?.strategy;
    const oldStrategy = old[key]?.strategy;
    if (strategy === undefined) continue;
    if (!hasNew([strategy], oldStrategy === undefined ? [] : [oldStrategy], builtIn[key])) continue;
    const { strategy: _, ...rest } = given[key]!;
    keep(key, { ...rest, ...(oldStrategy ? { strategy: oldStrategy } : {}) } as never, `${key}.strategy`);
  }
  for (const key of loweredOnly) {
    const before = old[key];
    if (before !== undefined && (given[key] ?? Number.POSITIVE_INFINITY) > before) keep(key, before, key);
  }
  const { permissions, loosened } = keepStrict(old.permissions, given.permissions);
  for (const name of loosened) keep('permissions', permissions, name);

  if (waiting.length === 0) return { layer: after, waiting };
  const from = after ?? before!;
  const adds = from.adds === undefined ? {} : { adds: from.adds };
  return { layer: { ...from, ...adds, settings }, waiting };
}

type Permissions = PartialSettings['permissions'];

/** What the project refuses so far it goes on to refuse. */
function keepStrict(old: Permissions, given: Permissions): { permissions: Permissions; loosened: string[] } {
  const permissions = { ...given };
  const loosened: string[] = [];
  for (const key of ['ask', 'deny'] as const) {
    // A rule that became a stricter one is not dropped.
    const dropped = (old?.[key] ?? []).filter(
      (rule) => !given?.[key]?.includes(rule) && !given?.deny?.includes(rule),
    );
    if (dropped.length === 0) continue;
    permissions[key] = [...(given?.[key] ?? []), ...dropped];
    loosened.push(`permissions.${key}`);
  }
  const mode: Mode | undefined = given?.mode;
  if (old?.mode !== undefined && (mode === undefined || isStricter(old.mode, mode))) {
    permissions.mode = old.mode;
    loosened.push('permissions.mode');
  }
  return { permissions, loosened };
}

/** Whether a list names something that it did not name before in the same way, and that does not come with Victor. */
function hasNew(
  given: readonly Entry[] | undefined,
  old: readonly Entry[] | undefined,
  builtIn: readonly string[],
): boolean {
  return (given ?? []).some(
    (entry) => !builtIn.includes(entryName(entry)) && !(old ?? []).some((one) => isEqual(one, entry)),
  );
}

function hasCommands({ steps }: NonNullable<PartialSettings['workflows']>[string]): boolean {
  return steps.some(({ command, approval }) => command !== undefined || approval !== undefined);
}

function isEqual(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
