import { join } from 'node:path';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';
import { describeStore } from './store-conformance.js';
import { temporaryFolders } from './temporary-folder.js';

const temporaryFolder = temporaryFolders();

describeStore('SQLite store', async () =>
  openSqliteStore({ file: join(await temporaryFolder(), 'victor', 'victor.db') }),
);
