import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CheckpointStore, NewCheckpoint } from '../../src/core/checkpoint.js';
import { createMemoryCheckpoints } from '../../src/storage/memory-checkpoints.js';
import { migrate } from '../../src/storage/migrations.js';
import { PART_BYTES } from '../../src/storage/packed-content.js';
import { createSqliteCheckpoints } from '../../src/storage/sqlite-checkpoints.js';
import { openSqliteConnection } from '../../src/storage/sqlite-connection.js';
import { withDatabase } from './database.js';
import { temporaryFolders } from './temporary-folder.js';

const temporaryFolder = temporaryFolders();

async function openCheckpoints(mostContentBytes?: number): Promise<{ store: CheckpointStore; file: string }> {
  const file = join(await temporaryFolder(), 'victor.db');
  await writeFile(file, '');
  return { store: await reopen(file, mostContentBytes), file };
}

async function reopen(file: string, mostContentBytes?: number): Promise<CheckpointStore> {
  const connection = await openSqliteConnection(file);
  onTestFinished(() => connection.close());
  await migrate(connection);
  return createSqliteCheckpoints(connection, { mostContentBytes });
}

function save(store: CheckpointStore, id: string, content: Uint8Array): Promise<void> {
  const checkpoint: NewCheckpoint = {
    id,
    sessionId: 'one',
    action: 'edit',
    turnId: 'turn',
    path: '/work/a.ts',
    before: { hash: sha256(content), mode: 0o644 },
    after: null,
    back: null,
    createdAt: 1_700_000_000_000,
  };
  return store.saveCheckpoint(checkpoint, content);
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

describe('contents in SQLite', () => {
  it('take less room where compressing helps, and none more where it does not', async () => {
    const { store } = await openCheckpoints();
    await save(store, 'text', Buffer.from('const one = 1;\n'.repeat(10_000)));
    expect(await store.contentBytes()).toBeLessThan(5_000);
    const before = await store.contentBytes();
    await save(store, 'noise', randomBytes(20_000));
    expect((await store.contentBytes()) - before).toBe(20_000);
  });

  it('that are damaged in the file are not given back', async () => {
    const { store, file } = await openCheckpoints();
    const content = randomBytes(1_000);
    await save(store, 'c', content);
    withDatabase(file, (database) =>
      database.prepare('UPDATE content_parts SET bytes = ?').run(randomBytes(1_000)),
    );
    expect(await store.readContent(sha256(content))).toBeUndefined();
  });

  it('go with their session, whoever deletes that and however many at once', async () => {
    const { store, file } = await openCheckpoints();
    await save(store, 'c', randomBytes(1_000));
    withDatabase(file, (database) => {
      database.exec(
        `INSERT INTO sessions (id, cwd, created_at, updated_at, activity)
          VALUES ('one', '/work', 0, 0, 1), ('two', '/work', 0, 0, 2)`,
      );
      database.exec('DELETE FROM sessions WHERE updated_at < 1');
    });
    expect(await store.listCheckpoints('one')).toEqual([]);
    expect(await store.contentBytes()).toBe(0);
    const parts = 'SELECT count(*) FROM content_parts';
    expect(withDatabase(file, (database) => database.prepare(parts).pluck().get())).toBe(0);
  });

  it('of a process that died before it could refer to them are swept away by the next', async () => {
    const { store, file } = await openCheckpoints();
    const kept = randomBytes(PART_BYTES + 1);
    await save(store, 'kept', kept);
    const parts = () =>
      withDatabase(file, (database) => database.prepare('SELECT count(*) FROM content_parts').pluck().get());
    withDatabase(file, (database) =>
      database.exec("INSERT INTO content_parts VALUES ('stray', 3, x'00'), ('stray', 2, x'00')"),
    );
    expect(parts()).toBe(4);
    await save(await reopen(file), 'another', Buffer.from('x'));
    expect(parts()).toBe(3);
    expect(sha256((await store.readContent(sha256(kept)))!)).toBe(sha256(kept));
  });

  it('swept away by another process while they are written are written again', async () => {
    const { store, file } = await openCheckpoints();
    await save(store, 'first', Buffer.from('x'));
    const content = randomBytes(5 * PART_BYTES);
    const saving = save(store, 'large', content);
    // The sweep of a second process, between two parts.
    const other = await reopen(file);
    for (let round = 0; round < 3; round += 1) await save(other, `other ${round}`, Buffer.from(`${round}`));
    await saving;
    expect(sha256((await store.readContent(sha256(content)))!)).toBe(sha256(content));
  });
});

describe.each([
  ['SQLite', async (most: number) => (await openCheckpoints(most)).store],
  ['memory', async (most: number) => createMemoryCheckpoints({ logLength: () => 0, mostContentBytes: most })],
])('a %s store that is full', (_name, open) => {
  it('lets the oldest contents go, never the one that is saved, and keeps the changes', async () => {
    const store = await open(10_000);
    const contents = Array.from({ length: 5 }, () => randomBytes(4_000));
    for (const [index, content] of contents.entries()) await save(store, `c${index}`, content);
    const kept = await Promise.all(contents.map((content) => store.readContent(sha256(content))));
    expect(kept.map((content) => content !== undefined)).toEqual([false, false, false, true, true]);
    expect(await store.contentBytes()).toBe(8_000);
    expect(await store.listCheckpoints('one')).toHaveLength(5);
    const huge = randomBytes(50_000);
    await save(store, 'huge', huge);
    expect(sha256((await store.readContent(sha256(huge)))!)).toBe(sha256(huge));
    expect(await store.contentBytes()).toBe(50_000);
  });

  it('counts a content that is saved again as new', async () => {
    const store = await open(10_000);
    const [first, second, third] = [randomBytes(4_000), randomBytes(4_000), randomBytes(4_000)];
    await save(store, 'a', first!);
    await save(store, 'b', second!);
    await save(store, 'c', first!);
    await save(store, 'd', third!);
    expect(await store.readContent(sha256(second!))).toBeUndefined();
    expect(await store.readContent(sha256(first!))).toBeDefined();
  });
});
