import { victorPaths } from '../config/paths.js';
import { holdSecrets, secretsIn } from '../core/held-secrets.js';
import type { Store } from '../core/store.js';
import { openStore } from '../storage/open-store.js';
import { openReadOnlyStore } from '../storage/read-only-store.js';
import { type CommandLine, notice } from './command-line.js';

export interface HistoryOptions {
  /** Opens a database of any version, and writes nothing. */
  readonly readOnly?: boolean;
}

/** Runs a command over the stored sessions, without a provider, tools or a configuration, and closes the store. */
export async function withHistory<T>(
  cli: CommandLine,
  use: (store: Store) => Promise<T>,
  { readOnly = false }: HistoryOptions = {},
): Promise<T> {
  // A title may hold a key that this shell has, though nothing here uses it.
  holdSecrets(secretsIn(cli.environment));
  const onNotice = (text: string) => notice(cli, text);
  const file = victorPaths(cli.environment).databaseFile;
  const store = await (readOnly ? openReadOnlyStore({ file }) : openStore({ file, onNotice }));
  try {
    store.onNotice?.(onNotice);
    for (const text of store.notices) onNotice(text);
    return await use(store);
  } finally {
    await store.close();
  }
}
