import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';
import { makeWorkspace } from '../helpers/workspace.js';

it('a database that is closed while another thread brings its log home leaves no log behind', async () => {
  const content = 'x'.repeat(300_000);
  for (let waitMs = 0; waitMs < 60; waitMs += 6) {
    const file = join(await makeWorkspace(), 'victor.db');
    const store = await openSqliteStore({ file });
    await store.sessions.openSession('one', '/');
    // The sixteenth write sees that there is enough to bring home, and starts the thread.
    for (let number = 0; number < 16; number += 1) {
      const message = { id: `m${number}`, role: 'user', content } as const;
      await store.sessions.appendLog('one', { type: 'message', message });
    }
    await sleep(waitMs);
    await store.close();
    expect(existsSync(`${file}-wal`), `closed ${waitMs} ms after the last write`).toBe(false);
  }
});
