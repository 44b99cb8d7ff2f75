import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as z from 'zod';
import { entryName, isPath } from '../config/entries.js';
import { importModule } from '../config/import-module.js';
import { nearest } from '../config/nearest.js';
import { isPlainObject } from '../config/plain.js';
import { resolvePackage } from '../config/resolve-package.js';
import type { Entry } from '../config/schema.js';
import { messageOf } from '../core/describe-failure.js';
import { ExtensionError, VictorError } from '../core/errors.js';
import type { ExtensionKind } from '../core/extension.js';

export type { Entry } from '../config/schema.js';

/** What a factory gets besides its options. */
export interface ExtensionOrigin {
  /** Absolute folder that relative paths in the options start from: that of the file that names the extension. */
  readonly baseDirectory: string;
  /** For built-ins: a workspace's settings name it, not the user's own. */
  readonly fromWorkspace?: boolean | undefined;
}

/** A module gets the schema library too, for a tool's `schema` in a project that has none installed. */
interface ModuleOrigin extends ExtensionOrigin {
  readonly z?: typeof z;
}

type Factory<T> = (options: unknown, origin: ExtensionOrigin) => T;

export interface LoadExtensionOptions<T> extends ExtensionOrigin {
  readonly kind: ExtensionKind;
  readonly entry: Entry;
  /** Factories by name; each gets the options of the entry, `{}` when it has none. */
  readonly builtIns: Readonly<Record<string, (options: never, origin: ExtensionOrigin) => T>>;
  /** Which file and line name it, for errors: `.victorrc:4`. */
  readonly namedAt?: string | undefined;
  /** Milliseconds that loading may take; 10,000 when absent. */
  readonly timeoutMs?: number;
}

type Checked = { success: true; data: unknown } | { success: false; error: unknown };

/** What a module that extends Victor exports. */
interface ExtensionModule {
  readonly create: (options: unknown, origin: ModuleOrigin) => unknown;
  /** A zod schema, or anything with its `safeParse`. */
  readonly optionsSchema?: {
    safeParse(options: unknown): Checked;
    safeParseAsync?(options: unknown): Promise<Checked>;
  };
}

/** An entry as its two parts; options are `{}` when there are none. */
export function resolveEntry(entry: Entry): { name: string; options: Readonly<Record<string, unknown>> } {
  return { name: entryName(entry), options: typeof entry === 'string' ? {} : entry[1] };
}

/**
 * The extension that an entry names: a built-in, a file, or a package. Rejects with an `ExtensionError` that says what
 * exists; its `reason` tells a mistake in the settings from an extension that is missing or fails.
 */
export async function loadExtension<T>(request: LoadExtensionOptions<T>): Promise<T> {
  const timeoutMs = request.timeoutMs ?? 10_000;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const what = `was not ready within ${timeoutMs} ms`;
    timer = setTimeout(() => reject(broken(request, what, codeAdvice)), timeoutMs);
  });
  try {
    return await Promise.race([make(request), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function make<T>(request: LoadExtensionOptions<T>): Promise<T> {
  const { name, options } = resolveEntry(request.entry);
  const { builtIns, baseDirectory, fromWorkspace } = request;
  const origin = { baseDirectory };
  const factory = Object.hasOwn(builtIns, name) ? (builtIns[name] as Factory<T>) : undefined;
  const value: unknown = factory
    ? await makeBuiltIn(request, () => factory(options, { ...origin, fromWorkspace }))
    : await makeFromModule(request, name, options, origin);
  if (typeof value === 'object' && value !== null) return value as T;
  const what = `create() returned ${value === null ? 'null' : typeof value}`;
  throw broken(request, what, 'Return an object.');
}

/** A built-in that checks its options refuses them with an error of ours or of zod; anything else is its failure. */
async function makeBuiltIn<T>(request: LoadExtensionOptions<T>, create: () => unknown): Promise<unknown> {
  try {
    return await create();
  } catch (error) {
    if (error instanceof VictorError) {
      throw new ExtensionError(`${place(request)}${error.message}`, { advice: error.advice, cause: error });
    }
    if (!isValidationError(error)) throw broken(request, describe(error), codeAdvice, error);
    throw wrongOptions(request, error);
  }
}

async function makeFromModule<T>(
  request: LoadExtensionOptions<T>,
  name: string,
  options: Readonly<Record<string, unknown>>,
  origin: ExtensionOrigin,
): Promise<unknown> {
  const file = isPath(name) ? findFile(request, name) : resolvePackage(name, request.baseDirectory);
  if (file === undefined) throw unknownName(request, name);
  const { create, optionsSchema } = exportsOf(request, await attempt(request, () => importModule(file)));
  const checked = await attempt(request, async () => {
    if (!optionsSchema) return { success: true as const, data: options as unknown };
    // A schema may have checks that take their time.
    return optionsSchema.safeParseAsync?.(options) ?? optionsSchema.safeParse(options);
  });
  if (!checked.success) throw wrongOptions(request, checked.error);
  // Loading it takes its time, so only for a `create` that has a second parameter.
  return attempt(request, async () =>
    create(checked.data, { ...origin, ...(create.length > 1 ? { z: await schemaLibrary() } : {}) }),
  );
}

/** The installed copy: the bundle holds only what Victor uses of it, which halves what every start has to load. */
async function schemaLibrary(): Promise<typeof z> {
  const file = resolvePackage('zod', import.meta.dirname);
  if (file !== undefined) return import(pathToFileURL(file).href);
  throw new Error('the package zod, which came with victor-agent, is no longer installed');
}

/** Code of the user's, which may throw anything. */
async function attempt<T, Value>(
  request: LoadExtensionOptions<T>,
  call: () => Value,
): Promise<Awaited<Value>> {
  try {
    return await call();
  } catch (error) {
    const advice = error instanceof VictorError ? error.advice : undefined;
    throw broken(request, describe(error), advice ?? codeAdvice, error);
  }
}

function exportsOf<T>(
  request: LoadExtensionOptions<T>,
  module: Readonly<Record<string, unknown>>,
): ExtensionModule {
  // A CommonJS module may offer its exports only as the default.
  const exported =
    typeof module.create === 'function' || !isPlainObject(module.default) ? module : module.default;
  const { create, optionsSchema } = exported as Partial<ExtensionModule>;
  if (typeof create !== 'function') {
    const names = Object.keys(module).sort().join(', ') || 'nothing';
    const what = `exports ${names}, but no create(options)`;
    throw broken(request, what, 'Export a function named create.');
  }
  return typeof optionsSchema?.safeParse === 'function' ? { create, optionsSchema } : { create };
}

function findFile<T>(request: LoadExtensionOptions<T>, name: string): string {
  const file = resolve(request.baseDirectory, name);
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats?.isFile()) return file;
  throw broken(request, `there is no file ${file}`, `Correct the path where the ${label(request)} is named.`);
}

function unknownName<T>(request: LoadExtensionOptions<T>, name: string): ExtensionError {
  const names = Object.keys(request.builtIns);
  const meant = nearest(name, names);
  const list = names.length === 0 ? 'None is built in' : `Built in: ${names.join(', ')}`;
  const what = `there is no ${label(request)} named ${JSON.stringify(name)}`;
  return new ExtensionError(`${place(request)}${what}`, {
    advice: `${meant === undefined ? '' : `Did you mean ${meant}? `}${list}; a file is written ./name.js, and a package must be installed in ${request.baseDirectory}.`,
  });
}

const codeAdvice = 'Correct its options or its code.';

function broken<T>(
  request: LoadExtensionOptions<T>,
  what: string,
  advice: string,
  cause?: unknown,
): ExtensionError {
  return new ExtensionError(`${subject(request)}: ${what}`, { advice, cause, reason: 'broken' });
}

function wrongOptions<T>(request: LoadExtensionOptions<T>, error: unknown): ExtensionError {
  return new ExtensionError(`${subject(request)}: wrong options: ${describe(error)}`, {
    advice: 'Correct them where it is named.',
    cause: error,
  });
}

function subject<T>(request: LoadExtensionOptions<T>): string {
  return `${place(request)}${label(request)} ${JSON.stringify(resolveEntry(request.entry).name)}`;
}

function place<T>({ namedAt }: LoadExtensionOptions<T>): string {
  return namedAt === undefined ? '' : `${namedAt}: `;
}

function label<T>({ kind }: LoadExtensionOptions<T>): string {
  return kind.replace('-', ' ');
}

function isValidationError(error: unknown): boolean {
  return Array.isArray((error as { issues?: unknown } | null)?.issues);
}

/** What an error says, in one line; validation errors, of whichever copy of zod, name the option. */
function describe(error: unknown): string {
  const issue = (error as { issues?: { path?: PropertyKey[]; message?: string }[] } | null)?.issues?.[0];
  if (issue?.message !== undefined)
    return [issue.path?.map(String).join('.'), issue.message].filter(Boolean).join(': ');
  return messageOf(error).split('\n')[0]!;
}
