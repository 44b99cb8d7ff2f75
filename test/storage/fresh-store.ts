import { afterEach, beforeEach } from 'vitest';
import type { Store } from '../../src/core/store.js';

/** A store of its own for each test of the group. */
export function freshStore(create: () => Promise<Store>): () => Store {
  let store: Store;
  beforeEach(async () => {
    store = await create();
  });
  afterEach(async () => {
    await store.close();
  });
  return () => store;
}
