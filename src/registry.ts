import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { entryName, isPath } from './config/entries.js';
import { importModule } from './config/import-module.js';
import { nearest } from './config/nearest.js';
import { isPlainObject } from './config/plain.js';
import { resolvePackage } from './config/resolve-package.js';
import type { Entry } from './config/schema.js';
import { ExtensionError, VictorError } from './core/errors.js';
import type { ExtensionKind } from './core/extension.js';

export type { Entry } from './config/schema.js';

/** What a factory gets besides its options. */
export interface ExtensionOrigin {
  /** Absolute folder that relative paths in the options start from: that of the file that names the extension. */
  readonly baseDirectory: string;
}

type Factory<T> = (options: unknown, origin: ExtensionOrigin) => T;

export interface LoadExtensionOptions<T> extends ExtensionOrigin {
  readonly kind: ExtensionKind;
  readonly entry: Entry;
  /** Factories by name; each gets the options of the entry, `{}` when it has none. */
  readonly builtIns: Readonly<Record<string, (options: never, origin: ExtensionOrigin) => T>>;
  /** Milliseconds that loading may take; 10,000 when absent. */
  readonly timeoutMs?: number;
}

/** What a module that extends Victor exports. */
interface ExtensionModule {
  readonly create: Factory<unknown>;
  /** A zod schema, or anything with its `safeParse`. */
  readonly optionsSchema?: {
    safeParse(options: unknown): { success: true; data: unknown } | { success: false; error: unknown };
  };
}

/** An entry as its two parts; options are `{}` when there are none. */
export function resolveEntry(entry: Entry): { name: string; options: Readonly<Record<string, unknown>> } {
  return { name: entryName(entry), options: typeof entry === 'string' ? {} : entry[1] };
}

/** The extension that an entry names: a built-in, a file, or a package. Throws `ExtensionError` that says what exists. */
export async function loadExtension<T>(request: LoadExtensionOptions<T>): Promise<T> {
  const { name, options } = resolveEntry(request.entry);
  const factory = Object.hasOwn(request.builtIns, name) ? (request.builtIns[name] as Factory<T>) : undefined;
  const load = async (): Promise<T> => {
    const create = factory ?? ((await findModule(request, name)).create as Factory<T>);
    const value: unknown = await create(options, { baseDirectory: request.baseDirectory });
    if (typeof value === 'object' && value !== null) return value as T;
    throw broken(
      request,
      name,
      `create() returned ${value === null ? 'null' : typeof value}`,
      'Return an object.',
    );
  };
  try {
    return await within(request.timeoutMs ?? 10_000, load);
  } catch (error) {
    if (error instanceof VictorError) throw error;
    throw broken(request, name, describe(error), 'Correct its options or its code.', error);
  }
}

/** Finds and runs the module, and wraps its `create` so that the options are checked first. */
async function findModule<T>(request: LoadExtensionOptions<T>, name: string): Promise<ExtensionModule> {
  const file = isPath(name) ? findFile(request, name) : resolvePackage(name, request.baseDirectory);
  if (file === undefined) throw unknownName(request, name);
  const module = await importModule(file);
  // A CommonJS module may offer its exports only as the default.
  const exported =
    typeof module.create === 'function' || !isPlainObject(module.default) ? module : module.default;
  const { create, optionsSchema } = exported as Partial<ExtensionModule>;
  if (typeof create !== 'function') {
    const names = Object.keys(module).sort().join(', ') || 'nothing';
    throw broken(
      request,
      name,
      `exports ${names}, but no create(options)`,
      'Export a function named create.',
    );
  }
  if (typeof optionsSchema?.safeParse !== 'function') return { create };
  return {
    create: (options, origin) => {
      const checked = optionsSchema.safeParse(options);
      if (checked.success) return create(checked.data, origin);
      throw broken(
        request,
        name,
        `wrong options: ${describe(checked.error)}`,
        'Correct them where it is named.',
      );
    },
  };
}

function findFile<T>(request: LoadExtensionOptions<T>, name: string): string {
  const file = resolve(request.baseDirectory, name);
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats?.isFile()) return file;
  throw broken(
    request,
    name,
    `there is no file ${file}`,
    `Correct the path where the ${label(request)} is named.`,
  );
}

function unknownName<T>(request: LoadExtensionOptions<T>, name: string): ExtensionError {
  const names = Object.keys(request.builtIns);
  const meant = nearest(name, names);
  const list = names.length === 0 ? 'None is built in' : `Built in: ${names.join(', ')}`;
  return new ExtensionError(`there is no ${label(request)} named ${JSON.stringify(name)}`, {
    advice: `${meant === undefined ? '' : `Did you mean ${meant}? `}${list}; a file is written ./name.js, and a package must be installed in ${request.baseDirectory}.`,
  });
}

function broken<T>(
  request: LoadExtensionOptions<T>,
  name: string,
  what: string,
  advice: string,
  cause?: unknown,
): ExtensionError {
  return new ExtensionError(`${label(request)} ${JSON.stringify(name)}: ${what}`, { advice, cause });
}

function label<T>({ kind }: LoadExtensionOptions<T>): string {
  return kind.replace('-', ' ');
}

/** What an error says, in one line; validation errors name the option. */
function describe(error: unknown): string {
  const issue = (error as { issues?: { path?: PropertyKey[]; message?: string }[] } | null)?.issues?.[0];
  if (issue?.message !== undefined)
    return [issue.path?.map(String).join('.'), issue.message].filter(Boolean).join(': ');
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0]!;
}

async function within<T>(timeoutMs: number, load: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`was not ready within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([load(), late]);
  } finally {
    clearTimeout(timer);
  }
}
