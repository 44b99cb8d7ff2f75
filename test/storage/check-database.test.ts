import { openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';
import { makeWorkspace } from '../helpers/workspace.js';

describe('the check of a database', () => {
  it('reads and writes a sound one, and changes nothing', async () => {
    const file = join(await makeWorkspace(), 'victor.db');
    const store = await openSqliteStore({ file });
    onTestFinished(() => store.close());
    await store.sessions.openSession('one', '/');
    expect(await store.check?.()).toBe(`${file}, intact and writable`);
    expect((await store.sessions.listSessions()).map(({ id }) => id)).toEqual(['one']);
  });

  it('names one that opens and has a damaged page', async () => {
    const file = join(await makeWorkspace(), 'victor.db');
    const before = await openSqliteStore({ file });
    await before.sessions.openSession('one', '/');
    const message = { id: 'm', role: 'user', content: 'x'.repeat(200) } as const;
    for (let number = 0; number < 200; number += 1) {
      await before.sessions.appendLog('one', { type: 'message', message: { ...message, id: `m${number}` } });
    }
    await before.close();
    const { size } = statSync(file);
    const descriptor = openSync(file, 'r+');
    // The last pages are those of the log; the first, with the schema, stay sound.
    writeSync(descriptor, Buffer.alloc(16_384, 0xff), 0, 16_384, size - 16_384);
    const store = await openSqliteStore({ file });
    onTestFinished(() => store.close());
    await expect(store.check?.()).rejects.toMatchObject({
      reason: 'corrupt',
      message: `${file} is damaged.`,
    });
  });
});
