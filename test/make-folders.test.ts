import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolders } from '../src/make-folders.js';
import { runVictor, temporaryDirectory } from './helpers/run-victor.js';

describe('folders', () => {
  it('are made with all that is missing above them, private where asked', () => {
    const path = join(temporaryDirectory(), 'a/b/c');
    makeFolders(path, 0o700);
    makeFolders(path, 0o700);
    expect([path, join(path, '..')].map((one) => statSync(one).mode & 0o777)).toEqual([0o700, 0o700]);
  });

  it('may be links to folders, but not files or links to nothing', () => {
    const folder = temporaryDirectory();
    mkdirSync(join(folder, 'real'));
    symlinkSync('real', join(folder, 'link'));
    symlinkSync('gone', join(folder, 'dangling'));
    writeFileSync(join(folder, 'file'), '');
    makeFolders(join(folder, 'link/new'));
    expect(statSync(join(folder, 'real/new')).isDirectory()).toBe(true);
    expect(() => makeFolders(join(folder, 'file'))).toThrow('EEXIST');
    expect(() => makeFolders(join(folder, 'file/x'))).toThrow('ENOTDIR');
    expect(() => makeFolders(join(folder, 'dangling'))).toThrow('EEXIST');
  });
});

describe.runIf(process.platform === 'linux')('a home where no folder can be made', () => {
  const env = { VICTOR_HOME: '/proc/nope/deep' };

  it('leaves the session in memory, says so, and answers', async () => {
    const result = await runVictor(['ask', 'hi'], { env });
    expect(result.stderr).toMatch(/^victor: Sessions are kept in memory only.*VICTOR_HOME/m);
    expect(result.code).toBe(0);
  });

  it('cannot take a setting, and says so', async () => {
    const result = await runVictor(['config', 'set', 'maxTurns', '3'], { env });
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/^victor: \/proc\/nope\/deep\S* cannot be written/);
  });
});
