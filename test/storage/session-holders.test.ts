import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/core/store.js';
import { isRunning, thisProcess } from '../../src/process-identity.js';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';
import { type Child, startChild } from './child.js';
import { withDatabase } from './database.js';
import { temporaryFolders } from './temporary-folder.js';

describe('who works in a session, over processes', () => {
  const temporaryFolder = temporaryFolders();
  const databaseFile = async () => join(await temporaryFolder(), 'victor.db');

  async function withStore<T>(file: string, use: (store: Store) => Promise<T>): Promise<T> {
    const store = await openSqliteStore({ file });
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  }

  async function holding(file: string): Promise<Child> {
    const child = startChild('hold.ts', [file, 'one']);
    await child.ready;
    child.go();
    for (let tries = 0; child.lines.length === 0 && tries < 1_000; tries += 1) await sleep(20);
    expect(child.lines).toEqual(['held']);
    return child;
  }

  async function kill(child: Child): Promise<void> {
    const gone = once(child.process, 'close');
    child.process.kill('SIGKILL');
    await gone;
  }

  it('D11: a process that runs holds its session against every other one, and the holder is named', async () => {
    const file = await databaseFile();
    const child = await holding(file);
    try {
      const hold = await withStore(file, (store) => store.sessions.holdSession('one'));
      expect(hold).toMatchObject({ held: false, holder: { pid: child.process.pid } });
      const other = await withStore(file, (store) => store.sessions.holdSession('two'));
      expect(other.held).toBe(true);
    } finally {
      await kill(child);
    }
  });

  it('D11: kill -9 frees it at once', async () => {
    const file = await databaseFile();
    await kill(await holding(file));
    expect((await withStore(file, (store) => store.sessions.holdSession('one'))).held).toBe(true);
  });

  it('D11: a later process with the number of the one that held it is another one', async () => {
    const file = await databaseFile();
    const child = await holding(file);
    try {
      // The number lives, and its process began at another time: what is left of one that was killed before.
      withDatabase(file, (database) => database.exec("UPDATE session_holders SET started = '1'"));
      expect((await withStore(file, (store) => store.sessions.holdSession('one'))).held).toBe(true);
    } finally {
      await kill(child);
    }
  });

  it('D11: of 8 processes that want it at once, one gets it', async () => {
    const file = await databaseFile();
    await withStore(file, async () => {});
    const children = Array.from({ length: 8 }, () => startChild('hold.ts', [file, 'one']));
    await Promise.all(children.map(({ ready }) => ready));
    for (const child of children) child.go();
    const done = () => children.every(({ lines }) => lines.length > 0);
    for (let tries = 0; !done() && tries < 1_000; tries += 1) await sleep(20);
    const lines = children.map((child) => child.lines[0]);
    const winner = children[lines.indexOf('held')];
    expect(lines.filter((line) => line === 'held')).toHaveLength(1);
    expect(lines.filter((line) => line === `refused by ${winner?.process.pid}`)).toHaveLength(7);
    if (winner) await kill(winner);
  });

  it('a holder on another machine holds while it says that it runs, and not when it fell silent', async () => {
    const file = await databaseFile();
    await withStore(file, async ({ sessions }) => {
      await sessions.holdSession('one');
      const setHost = (ageMs: number) =>
        withDatabase(file, (database) =>
          database
            .prepare("UPDATE session_holders SET host = 'elsewhere', renewed_at = ?")
            .run(Date.now() - ageMs),
        );
      setHost(30_000);
      expect((await sessions.holdSession('one')).held).toBe(false);
      setHost(61_000);
      expect((await sessions.holdSession('one')).held).toBe(true);
    });
  });

  it('this process runs; one that ended, one of another start and a zombie do not; another machine cannot be seen', async () => {
    const own = thisProcess();
    expect(isRunning(own)).toBe(true);
    expect(isRunning({ ...own, started: '1' })).toBe(false);
    expect(isRunning({ ...own, host: 'elsewhere' })).toBeUndefined();
    const child = await holding(await databaseFile());
    const pid = child.process.pid ?? 0;
    expect(isRunning({ ...own, pid, started: '' })).toBe(true);
    await kill(child);
    expect(isRunning({ ...own, pid, started: '' })).toBe(false);
  });
});
