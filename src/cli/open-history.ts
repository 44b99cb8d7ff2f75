import { victorPaths } from '../config/paths.js';
import type { Store } from '../core/store.js';
import { openStore } from '../storage/open-store.js';
import { type CommandLine, notice } from './command-line.js';

/** Runs a command over the stored sessions, without a provider, tools or a configuration, and closes the store. */
export async function withHistory<T>(cli: CommandLine, use: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore({ file: victorPaths(cli.environment).databaseFile });
  try {
    for (const text of store.notices) notice(cli, text);
    return await use(store);
  } finally {
    await store.close();
  }
}
