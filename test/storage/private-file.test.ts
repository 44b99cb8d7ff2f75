import { chmod, lstat, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';
import { runChild } from './child.js';
import { temporaryFolders } from './temporary-folder.js';

describe('who can open the database', () => {
  const temporaryFolder = temporaryFolders();
  const mode = async (path: string) => ((await lstat(path)).mode & 0o7777).toString(8);

  it.each(['000', '022'])(
    'K05: umask %s: folders are 0700 and database, -wal and -shm 0600',
    async (umask) => {
      const file = join(await temporaryFolder(), 'share', 'victor', 'victor.db');
      const [line = ''] = await runChild('open.ts', [file, umask]);
      const modes = { parent: '700', folder: '700', file: '600', wal: '600', shm: '600' };
      expect(JSON.parse(line)).toEqual({ notices: [], listed: 1, modes });
    },
  );

  it('K05: tightens looser modes that it finds and says so in one line', async () => {
    const file = join(await temporaryFolder(), 'victor', 'victor.db');
    const first = await openSqliteStore({ file });
    await first.sessions.openSession('one', '/work');
    await chmod(join(file, '..'), 0o755);
    for (const path of [file, `${file}-wal`, `${file}-shm`]) await chmod(path, 0o644);

    const second = await openSqliteStore({ file });
    expect(second.notices).toHaveLength(1);
    expect(second.notices[0]).toContain(`${file}-wal`);
    expect(await mode(join(file, '..'))).toBe('700');
    for (const path of [file, `${file}-wal`, `${file}-shm`]) expect(await mode(path)).toBe('600');
    for (const store of [first, second]) await store.close();

    const third = await openSqliteStore({ file });
    expect(third.notices).toEqual([]);
    await third.close();
  });

  it('K05: does not take a shared folder (sticky bit) from the other users, but keeps the file private', async () => {
    const folder = join(await temporaryFolder(), 'shared');
    await mkdir(folder);
    await chmod(folder, 0o1777);
    const file = join(folder, 'victor.db');
    await writeFile(file, '', { mode: 0o644 });
    const store = await openSqliteStore({ file });
    await store.close();
    expect(await mode(folder)).toBe('1777');
    expect(await mode(file)).toBe('600');
  });
});
