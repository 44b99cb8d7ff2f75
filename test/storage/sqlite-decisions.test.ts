import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DecisionBatch } from '../../src/core/decision-record.js';
import { userMessage } from '../../src/core/message.js';
import { migrate } from '../../src/storage/migrations.js';
import { openSqliteConnection, type SqliteConnection } from '../../src/storage/sqlite-connection.js';
import { createSqliteDecisions } from '../../src/storage/sqlite-decisions.js';
import { createSqliteSessions } from '../../src/storage/sqlite-sessions.js';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';
import { withDatabase } from './database.js';
import { temporaryFolders } from './temporary-folder.js';

const batch = (reason: string): DecisionBatch => ({
  entries: [
    {
      at: 1,
      key: reason,
      words: { coordinator: 'mode', decision: 'set', outcome: 'The mode is plan', reason },
    },
  ],
});
const said = (text: string) => ({ type: 'message', message: userMessage(text) }) as const;

describe('decisions in SQLite', () => {
  const temporaryFolder = temporaryFolders();
  const newFile = async () => {
    const file = join(await temporaryFolder(), 'victor.db');
    await (await openSqliteStore({ file })).close();
    return file;
  };
  const rowsIn = (file: string) =>
    withDatabase(file, (db) => db.prepare('SELECT count(*) FROM decisions').pluck().get());

  it('cost no transaction: they are written in that of the next entry', async () => {
    const file = await newFile();
    const connection = await openSqliteConnection(file);
    await migrate(connection);
    let writes = 0;
    const counting: SqliteConnection = {
      ...connection,
      write(operation) {
        writes += 1;
        return connection.write(operation);
      },
    };
    const { noteDecisions } = createSqliteDecisions(counting);
    // Its writes are not counted: in a pause it writes the index of words as well.
    const sessions = createSqliteSessions(connection);
    await sessions.openSession('one', '/work');
    for (let turn = 1; turn <= 5; turn += 1) {
      for (let one = 0; one < 8; one += 1) await noteDecisions('one', batch(`${turn} ${one}`));
      expect(rowsIn(file)).toBe((turn - 1) * 8);
      await sessions.appendLog('one', said('hello'));
      expect(rowsIn(file)).toBe(turn * 8);
    }
    expect(writes).toBe(0);
    sessions.close();
    await connection.close();
  });

  it('are not lost when the transaction they ride in fails, and are written once', async () => {
    const file = await newFile();
    const store = await openSqliteStore({ file });
    await store.sessions.openSession('one', '/work');
    await store.decisions.noteDecisions('one', batch('kept'));
    await expect(store.sessions.appendLog('nowhere', said('hello'))).rejects.toMatchObject({
      code: 'storage',
    });
    expect(rowsIn(file)).toBe(0);
    expect(await store.decisions.readDecisions('one')).toHaveLength(1);
    await store.sessions.appendLog('one', said('hello'));
    await store.sessions.appendLog('one', said('again'));
    expect(rowsIn(file)).toBe(1);
    expect(await store.decisions.readDecisions('one')).toHaveLength(1);
    await store.close();
  });

  it('are written when the store closes, and not where nothing waits', async () => {
    const file = await newFile();
    const store = await openSqliteStore({ file });
    await store.sessions.openSession('one', '/work');
    await store.decisions.noteDecisions('one', batch('late'));
    await store.close();
    expect(rowsIn(file)).toBe(1);
  });

  it('are none where bytes of them changed on the disk, and the others are read all the same', async () => {
    const file = await newFile();
    const store = await openSqliteStore({ file });
    await store.sessions.openSession('one', '/work');
    for (const reason of ['first', 'second']) {
      await store.decisions.noteDecisions('one', batch(reason));
      await store.sessions.appendLog('one', said(reason));
    }
    withDatabase(file, (db) => db.prepare(`UPDATE decisions SET payload = '[{"at' WHERE part = 1`).run());
    const read = await store.decisions.readDecisions('one');
    expect(read.map(({ entries }) => entries.length)).toEqual([0, 1]);
    await store.close();
  });

  it('are the last ten thousand batches of a session', async () => {
    const file = await newFile();
    withDatabase(file, (db) =>
      db.exec(`INSERT INTO sessions (id, title, cwd, created_at, updated_at, activity) VALUES ('one', '', '/', 1, 1, 1);
        WITH RECURSIVE n (part) AS (SELECT 1 UNION ALL SELECT part + 1 FROM n WHERE part < 10199)
        INSERT INTO decisions SELECT 'one', NULL, part, 0, '[]' FROM n`),
    );
    const store = await openSqliteStore({ file });
    await store.decisions.noteDecisions('one', batch('the last'));
    await store.sessions.appendLog('one', said('hello'));
    expect(rowsIn(file)).toBe(10_000);
    expect((await store.decisions.readDecisions('one')).at(-1)!.entries).toEqual(batch('the last').entries);
    await store.close();
  });
});
